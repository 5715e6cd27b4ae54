// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

namespace denoscope {

// The one map between real units and what the network sees: low <-> -1, high <-> +1. Values outside the
// intensity window are clamped on the way in, never on the way out.
struct ValueMap {
    double low = -1, high = 1;

    float toNetwork(float value) const {
        const double unit = (value - low) / (high - low);
        return static_cast<float>(std::clamp(unit, 0.0, 1.0) * 2 - 1);
    }
    template <typename Value>  // a number or a whole tensor
    Value toReal(const Value& value) const {
        return (value + 1) * ((high - low) / 2) + low;
    }
};

}  // namespace denoscope
