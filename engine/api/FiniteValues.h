// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>

#include "engine/api/Data.h"

namespace denoscope {

// Whether the statistics speak of anything. Where every value looked at is NaN or infinite, the mean is NaN
// and the others are 0, since ranges and windows are made from them.
inline bool hasFiniteValues(const DataFacts& facts) {
    return !std::isnan(facts.mean);
}

}  // namespace denoscope
