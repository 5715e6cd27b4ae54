// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

#include "engine/api/Array.h"

namespace denoscope {

// A (C, D, H, W) item as the bytes of a NIfTI-1 file of float32 values with its affine as sform; channels
// become the fifth dimension. low..high is what viewers are asked to show. `description`, at most 79
// characters, is what the header says of it: real data that are only converted need another.
std::string encodeNifti(const Item& item, double low, double high, bool compressed,
                        std::string_view description = "synthetic: Denoscope");

}  // namespace denoscope
