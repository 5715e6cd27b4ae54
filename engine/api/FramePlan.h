// SPDX-License-Identifier: GPL-3.0-or-later
// How many of a request's denoising steps are kept to be looked at: frames of volumes soon outgrow memory.
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/api/Config.h"

namespace denoscope {

struct FramePlan {
    std::int64_t items = 0;   // the first ones of the request; 0: not even the two ends of one can be kept
    std::int64_t stride = 1;  // every so many steps, and the result
    std::int64_t frames = 0;
};

// Most float32 values that the frames of a request may hold, the noisy and the denoised item of each.
inline constexpr std::int64_t mostFrameValues = std::int64_t{64} << 20;

// count: items of the request; itemValues: of one. Rather fewer items than fewer steps.
inline FramePlan framePlan(std::int64_t steps, std::int64_t count, std::int64_t itemValues) {
    const std::int64_t room = mostFrameValues / std::max<std::int64_t>(2 * itemValues, 1);  // in items
    if (room < 2)
        return {};
    const std::int64_t items = std::min({room / (steps + 1), count, itemsAtOnce});
    if (items > 0)
        return {items, 1, steps + 1};
    const std::int64_t stride = (steps + room - 2) / (room - 1);
    return {1, stride, (steps + stride - 1) / stride + 1};
}

}  // namespace denoscope
