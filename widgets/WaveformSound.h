// SPDX-License-Identifier: GPL-3.0-or-later
// A stretch of a signal as an audio device wants it: interleaved little frames at the device's rate,
// resampled linearly. Values that are an amplitude (no unit, none beyond 1) sound as they are; others are
// scaled so that the largest becomes 0.9. Values that are not finite are silent. Read from one thread; loop
// and stretch are fixed.
#pragma once

#include <QIODevice>

#include "widgets/TimeRange.h"
#include "widgets/WaveformView.h"

namespace denoscope {

struct SoundFormat {
    int rate = 48000;  // frames per second
    int channels = 2;
    bool asFloat = false;  // 32-bit float; else 16-bit integers
};

struct SoundStretch {
    TimeRange range;    // seconds
    double start = 0;   // where in it the sound begins
    bool loop = false;  // from the end of `range` back to its beginning, for ever

    double timeAfter(double elapsed) const;  // where the sound is after so many seconds
};

class WaveformSound : public QIODevice {
    Q_OBJECT

public:
    // `channel` of the signal in all of the format's channels; -1: all of them, as far as there are any. The
    // rate of the signal must be known.
    WaveformSound(const Signal& signal, int channel, const SoundStretch& stretch, const SoundFormat& format,
                  QObject* parent = nullptr);

    bool isSequential() const override { return true; }
    qint64 bytesAvailable() const override;
    float valueAt(int outputChannel, double time) const;  // -1..1

protected:
    qint64 readData(char* data, qint64 most) override;
    qint64 writeData(const char*, qint64) override { return -1; }

private:
    double timeOf(qint64 frame) const;

    Signal m_signal;
    int m_channel;
    SoundStretch m_stretch;
    SoundFormat m_format;
    double m_gain = 1;
    qint64 m_frame = 0;
    qint64 m_frames = 0;  // until the end, without loop
};

}  // namespace denoscope
