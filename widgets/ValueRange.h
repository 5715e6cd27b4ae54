// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cmath>
#include <utility>

namespace denoscope {

// A range to draw a single value in, with the value in its middle. In proportion to the value where that is
// large: beyond 2^53 a fixed step is lost in the rounding, and the range would be empty.
inline std::pair<double, double> rangeAround(double value) {
    const double half = std::max(0.5, std::abs(value) * 1e-3);
    return {value - half, value + half};
}

}  // namespace denoscope
