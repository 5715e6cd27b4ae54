// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/WindowLevel.h"

#include <QCoreApplication>
#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <vector>

#include "widgets/ValueRange.h"

namespace denoscope {

WindowLevel WindowLevel::dragged(double right, double down) const {
    // 300 pixels double or halve the width; the centre moves by the width in as many.
    return {center - down / 300 * width, width * std::exp2(right / 300)};
}

WindowLevel WindowLevel::fromRange(double low, double high) {
    const double span = high - low;
    if (!std::isfinite(span) || span <= 0) {
        const double center = std::isfinite(low) ? low : 0.0;
        const auto [first, last] = rangeAround(center);
        return {center, last - first};
    }
    return {low + span / 2, span};
}

std::vector<WindowPreset> ctPresets() {
    const auto named = [](const char* name) { return QCoreApplication::translate("WindowLevel", name); };
    return {{named("Brain"), 40, 80},    {named("Subdural"), 75, 215}, {named("Abdomen"), 50, 400},
            {named("Lung"), -600, 1500}, {named("Bone"), 400, 1800},   {named("Mediastinum"), 50, 350}};
}

// In lanes, which the compiler turns into vectors: a volume has 10^8 values.
std::pair<float, float> finiteRange(std::span<const float> values) {
    constexpr std::size_t lanes = 16;
    constexpr float largest = std::numeric_limits<float>::max();
    std::array<float, lanes> low, high;
    low.fill(std::numeric_limits<float>::infinity());
    high.fill(-std::numeric_limits<float>::infinity());
    const auto take = [&](std::size_t lane, float value) {
        low[lane] = value < low[lane] && value >= -largest ? value : low[lane];  // false for NaN
        high[lane] = value > high[lane] && value <= largest ? value : high[lane];
    };
    const std::size_t whole = values.size() / lanes * lanes;
    for (std::size_t i = 0; i < whole; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            take(lane, values[i + lane]);
    for (std::size_t i = whole; i < values.size(); ++i)
        take(0, values[i]);
    const float least = *std::min_element(low.begin(), low.end()),
                most = *std::max_element(high.begin(), high.end());
    return least <= most ? std::pair(least, most) : std::pair(0.0F, 0.0F);
}

ValueWindows windowsOf(std::span<const float> values) {
    constexpr std::size_t sampleSize = 200'000;  // enough for steady percentiles, milliseconds to sort
    const std::size_t stride = std::max<std::size_t>(1, values.size() / sampleSize);
    const auto [low, high] = finiteRange(values);
    std::vector<float> sample;
    sample.reserve(values.size() / stride + 1);
    for (std::size_t i = 0; i < values.size(); i += stride)
        if (std::isfinite(values[i]))
            sample.push_back(values[i]);
    ValueWindows windows{WindowLevel::fromRange(low, high), WindowLevel::fromRange(low, high)};
    if (sample.empty())
        return windows;
    const auto percentile = [&](double fraction) {
        const auto rank = static_cast<std::ptrdiff_t>(fraction * static_cast<double>(sample.size() - 1));
        std::nth_element(sample.begin(), sample.begin() + rank, sample.end());
        return static_cast<double>(sample[static_cast<std::size_t>(rank)]);
    };
    const double lowest = percentile(0.005);
    const double highest = percentile(0.995);
    if (highest > lowest)  // else nearly all values are one (a mask): the full range shows more
        windows.automatic = WindowLevel::fromRange(lowest, highest);
    return windows;
}

ValueWindows windowsOfBoth(const ValueWindows& a, const ValueWindows& b) {
    const auto both = [](const WindowLevel& one, const WindowLevel& other) {
        return WindowLevel::fromRange(std::min(one.low(), other.low()), std::max(one.high(), other.high()));
    };
    return {both(a.full, b.full), both(a.automatic, b.automatic)};
}

}  // namespace denoscope
