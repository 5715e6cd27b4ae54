// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/OwnWindow.h"

#include <algorithm>
#include <cmath>

namespace denoscope {
namespace {

// The range of the type for pictures and for colours, which all their kind share; symmetric for signals, so
// that silence stays 0; without the outliers for everything measured.
std::pair<double, double> usualWindow(const DataFacts& facts) {
    if (facts.windowLow < facts.windowHigh)
        return {facts.windowLow, facts.windowHigh};
    if (facts.kind == DataKind::Signal) {
        const double most = std::max(std::abs(facts.min), std::abs(facts.max));
        return {-most, most};
    }
    if (facts.dtype == "uint8" && (facts.kind == DataKind::Image || facts.channels() == 3))
        return {0, 255};
    if (facts.kind == DataKind::Image) {
        if (facts.dtype == "uint16")
            return {0, 65535};
        if (facts.dtype == "bool")
            return {0, 1};
    }
    if (facts.percentile005 < facts.percentile995)
        return {facts.percentile005, facts.percentile995};
    return {facts.min, facts.max};  // mostly background
}

}  // namespace

std::pair<double, double> ownWindow(const DataFacts& facts) {
    const auto window = usualWindow(facts);
    if (window.first < window.second)
        return window;
    // Constant data: any window around it will do that does not vanish beside a large value.
    const double half = std::max(1.0, std::abs(facts.min) * 1e-3);
    return {facts.min - half, facts.min + half};
}

}  // namespace denoscope
