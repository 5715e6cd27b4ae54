// SPDX-License-Identifier: GPL-3.0-or-later
// Whether values are in the same units.
#pragma once

#include <algorithm>

#include "engine/api/Data.h"

namespace denoscope {

struct ValueRange {
    double low = 0, high = 0;

    double span() const { return high - low; }
};

// Where the values lie, without outliers as long as any spread is left.
inline ValueRange usualRange(const DataFacts& facts) {
    return facts.percentile005 < facts.percentile995 ? ValueRange{facts.percentile005, facts.percentile995}
                                                     : ValueRange{facts.min, facts.max};
}

// False where one range is more than eight times as wide as the other or lies as far away as that: 0..1 and
// 0..255, grey values and Hounsfield units.
inline bool sameScale(const ValueRange& one, const ValueRange& other) {
    constexpr double most = 8;
    const double wider = std::max(one.span(), other.span()), narrower = std::min(one.span(), other.span());
    const double gap = std::max(one.low, other.low) - std::min(one.high, other.high);
    return wider <= most * narrower && gap <= wider;
}

}  // namespace denoscope
