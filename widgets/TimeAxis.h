// SPDX-License-Identifier: GPL-3.0-or-later
// How times are written along an axis and in readouts. A time is in seconds, or in samples where the rate is
// not known.
#pragma once

#include <QString>
#include <QStringList>
#include <vector>

#include "widgets/TimeRange.h"

namespace denoscope {

enum class TimeFormat {
    Automatic,
    Seconds,
    Milliseconds,
    Clock,
    Samples
};  // Clock: min:s, from one hour on h:min:s

struct TimeTicks {
    std::vector<double> times;
    QStringList texts;  // one per time
    QString unit;       // "s", "ms", "min:s", "samples"
};

struct TimeAxis {
    bool inSeconds = true;  // else times count samples, and are written so
    double sampleRate = 0;  // Hz, for TimeFormat::Samples; 0: unknown
    TimeFormat format = TimeFormat::Automatic;

    TimeFormat shownFormat(const TimeRange& visible) const;     // never Automatic
    TimeTicks ticks(const TimeRange& visible, int most) const;  // at most `most` + 1
    QString text(double time, const TimeRange& visible) const;  // with unit, as exact as the screen shows
    QString spanText(double duration) const;                    // with unit: "1.25 s", "300 samples"
};

}  // namespace denoscope
