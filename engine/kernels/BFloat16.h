// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace denoscope::kernels {

// The upper half of a float, laid out as LibTorch's.
struct BFloat16 {
    std::uint16_t bits;
};

}  // namespace denoscope::kernels
