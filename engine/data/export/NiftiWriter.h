// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/api/Array.h"

namespace denoscope {

// A (C, D, H, W) item as the bytes of a NIfTI-1 file of float32 values with its affine as sform; channels
// become the fifth dimension. low..high is what viewers are asked to show. Its description says that it is
// synthetic.
std::string encodeNifti(const Item& item, double low, double high, bool compressed);

}  // namespace denoscope
