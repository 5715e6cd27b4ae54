// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace denoscope::kernels {

// Multiples of 16.
struct ChannelRange {
    std::int64_t first, count;
};

}  // namespace denoscope::kernels
