// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/AxisTicks.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

QString AxisTicks::text(double value) const {
    if (std::abs(value) < step * 1e-6)
        value = 0;
    const double magnitude =
        std::max({std::abs(value), step, values.empty() ? 0.0 : std::abs(values.back())});
    if (magnitude >= 1e6 || step < 1e-6)
        return QString::number(value, 'g', 6);
    const int decimals = std::clamp(static_cast<int>(std::ceil(-std::log10(step) - 1e-9)), 0, 9);
    return QString::number(value, 'f', decimals);
}

AxisTicks axisTicks(double low, double high, int most) {
    AxisTicks ticks;
    const double span = high - low;
    if (!std::isfinite(span) || span <= 0 || most < 1)
        return ticks;
    const double rough = span / most;
    const double power = std::pow(10.0, std::floor(std::log10(rough)));
    const double times = rough / power;
    ticks.step = power * (times <= 1 ? 1 : times <= 2 ? 2 : times <= 5 ? 5 : 10);
    const double first = std::ceil(low / ticks.step - 1e-9);
    const double last = std::floor(high / ticks.step + 1e-9);
    for (double multiple = first; multiple <= last && ticks.values.size() <= static_cast<std::size_t>(most);
         ++multiple)
        ticks.values.push_back(multiple * ticks.step);
    return ticks;
}

std::vector<double> logTicks(double low, double high) {
    if (!(low > 0) || !(high > low) || !std::isfinite(high))
        return {};
    constexpr int most = 6;
    const double ratio = high / low;
    if (ratio < 2)  // nearly linear
        return axisTicks(low, high, most).values;
    const std::vector<double> digits =
        ratio < 6 ? std::vector<double>{1, 1.5, 2, 3, 5, 7} : std::vector<double>{1, 2, 5};
    std::vector<double> values;
    for (double power = std::pow(10, std::floor(std::log10(low))); power <= high; power *= 10)
        for (const double digit : digits)
            if (digit * power >= low && digit * power <= high)
                values.push_back(digit * power);
    return values;
}

}  // namespace denoscope
