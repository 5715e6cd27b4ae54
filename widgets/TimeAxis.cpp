// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/TimeAxis.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/AxisTicks.h"

namespace denoscope {

namespace {

QString words(const char* text) {
    return QCoreApplication::translate("TimeAxis", text);
}

int decimalsFor(double step) {
    return std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
}

// 75.5 -> "1:15.5"; the decimals are rounded first, so that no 60 appears.
QString clockText(double time, int decimals) {
    const double scale = std::pow(10.0, decimals);
    const double rounded = std::round(std::abs(time) * scale) / scale;
    const auto minutes = static_cast<qint64>(rounded / 60);
    const double seconds = rounded - static_cast<double>(minutes) * 60;
    const QString rest =
        QString::number(seconds, 'f', decimals).rightJustified(decimals > 0 ? decimals + 3 : 2, '0');
    const QString sign = time < 0 && rounded > 0 ? QStringLiteral("-") : QString();
    if (minutes < 60)
        return QStringLiteral("%1%2:%3").arg(sign).arg(minutes).arg(rest);
    return QStringLiteral("%1%2:%3:%4")
        .arg(sign)
        .arg(minutes / 60)
        .arg(minutes % 60, 2, 10, QChar('0'))
        .arg(rest);
}

TimeTicks clockTicks(const TimeRange& visible, int most) {
    constexpr std::array steps{1.0,   2.0,   5.0,   10.0,  15.0,   30.0,  60.0,
                               120.0, 300.0, 600.0, 900.0, 1800.0, 3600.0};
    const double rough = visible.length() / most;
    const auto found = std::lower_bound(steps.begin(), steps.end(), rough);
    TimeTicks result;
    if (rough < 1 || found == steps.end()) {  // tenths of seconds, or hours
        const double unit = rough < 1 ? 1 : 3600;
        const AxisTicks ticks = axisTicks(visible.begin / unit, visible.end / unit, most);
        for (const double value : ticks.values)
            result.times.push_back(value * unit);
        for (const double time : result.times)
            result.texts << clockText(time, rough < 1 ? decimalsFor(ticks.step) : 0);
        return result;
    }
    for (double multiple = std::ceil(visible.begin / *found - 1e-9); multiple * *found <= visible.end;
         ++multiple) {
        result.times.push_back(multiple * *found);
        result.texts << clockText(multiple * *found, 0);
    }
    return result;
}

TimeTicks scaledTicks(const TimeRange& visible, int most, double perTime) {
    const AxisTicks ticks = axisTicks(visible.begin * perTime, visible.end * perTime, most);
    TimeTicks result;
    for (const double value : ticks.values) {
        result.times.push_back(value / perTime);
        result.texts << ticks.text(value);
    }
    return result;
}

}  // namespace

TimeFormat TimeAxis::shownFormat(const TimeRange& visible) const {
    if (!inSeconds || (format == TimeFormat::Samples && sampleRate > 0))
        return TimeFormat::Samples;
    if (format != TimeFormat::Automatic && format != TimeFormat::Samples)
        return format;
    if (visible.end <= 1 || (visible.end <= 20 && visible.length() < 0.2))
        return TimeFormat::Milliseconds;
    return visible.end > 180 ? TimeFormat::Clock : TimeFormat::Seconds;
}

TimeTicks TimeAxis::ticks(const TimeRange& visible, int most) const {
    if (!(visible.length() > 0) || !std::isfinite(visible.length()) || most < 1)
        return {};
    TimeTicks result;
    switch (shownFormat(visible)) {
        case TimeFormat::Samples:
            result = scaledTicks(visible, most, inSeconds ? sampleRate : 1);
            result.unit = words("samples");
            break;
        case TimeFormat::Milliseconds:
            result = scaledTicks(visible, most, 1000);
            result.unit = words("ms");
            break;
        case TimeFormat::Clock:
            result = clockTicks(visible, most);
            result.unit = visible.end >= 3600 ? words("h:min:s") : words("min:s");
            break;
        case TimeFormat::Seconds:
        case TimeFormat::Automatic:
            result = scaledTicks(visible, most, 1);
            result.unit = words("s");
            break;
    }
    return result;
}

QString TimeAxis::text(double time, const TimeRange& visible) const {
    const TimeFormat shown = shownFormat(visible);
    if (shown == TimeFormat::Samples)
        return words("sample %1")
            .arg(static_cast<qint64>(std::llround(inSeconds ? time * sampleRate : time)));
    const int decimals =
        std::clamp(static_cast<int>(std::ceil(3 - std::log10(std::max(1e-9, visible.length())))), 0, 9);
    if (shown == TimeFormat::Milliseconds)
        return words("%1 ms").arg(time * 1000, 0, 'f', std::max(0, decimals - 3));
    return shown == TimeFormat::Clock ? clockText(time, decimals) : words("%1 s").arg(time, 0, 'f', decimals);
}

QString TimeAxis::spanText(double duration) const {
    if (!inSeconds || (format == TimeFormat::Samples && sampleRate > 0))
        return words("%1 samples")
            .arg(static_cast<qint64>(std::llround(inSeconds ? duration * sampleRate : duration)));
    if (duration < 1)
        return words("%1 ms").arg(QString::number(duration * 1000, 'g', 4));
    return duration < 180 ? words("%1 s").arg(QString::number(duration, 'g', 5)) : clockText(duration, 1);
}

}  // namespace denoscope
