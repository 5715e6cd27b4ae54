// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/Histogram.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <tuple>

#include "widgets/ValueRange.h"

namespace denoscope {

int Histogram::binOf(double value) const {
    if (counts.empty() || !std::isfinite(value))
        return -1;
    const double position = (value - low) / (high - low) * static_cast<double>(counts.size());
    return static_cast<int>(std::clamp(position, 0.0, static_cast<double>(counts.size() - 1)));
}

std::int64_t Histogram::largestCount() const {
    return counts.empty() ? 0 : *std::max_element(counts.begin(), counts.end());
}

double Histogram::largestShare() const {
    const auto total = std::accumulate(counts.begin(), counts.end(), std::int64_t{0});
    return total > 0 ? static_cast<double>(largestCount()) / static_cast<double>(total) : 0;
}

Histogram histogramOf(std::span<const float> values, int bins) {
    Histogram histogram;
    float low = std::numeric_limits<float>::infinity();
    float high = -low;
    for (const float value : values) {
        if (std::isfinite(value)) {
            low = std::min(low, value);
            high = std::max(high, value);
        } else {
            ++histogram.notFinite;
        }
    }
    if (low > high || bins < 1)
        return histogram;
    histogram.low = low;
    histogram.high = high;
    if (low == high) {  // one value: one bin around it
        std::tie(histogram.low, histogram.high) = rangeAround(histogram.low);
        bins = 1;
    }
    histogram.counts.assign(static_cast<std::size_t>(bins), 0);
    for (const float value : values)
        if (std::isfinite(value))
            ++histogram.counts[static_cast<std::size_t>(histogram.binOf(value))];
    return histogram;
}

}  // namespace denoscope
