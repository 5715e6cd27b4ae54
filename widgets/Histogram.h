// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace denoscope {

struct Histogram {
    double low = 0;   // lower edge of the first bin
    double high = 1;  // upper edge of the last bin
    std::vector<std::int64_t> counts;
    std::int64_t notFinite = 0;  // NaN and infinities, in no bin

    bool isEmpty() const { return counts.empty(); }
    double binWidth() const { return counts.empty() ? 0 : (high - low) / static_cast<double>(counts.size()); }
    int binOf(double value) const;  // clamped to the bins; -1 when there are none
    std::int64_t largestCount() const;
    double largestShare() const;  // of all values, 0..1
};

// Over the range of the finite values; no finite value: an empty histogram.
Histogram histogramOf(std::span<const float> values, int bins = 128);

}  // namespace denoscope
