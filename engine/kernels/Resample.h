// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/Array.h"
#include "engine/api/Config.h"

namespace denoscope::kernels {

// ops::downsample and ops::upsample of (B, C, ...size), axis by axis; the result has its channels last.
at::Tensor halved(const at::Tensor& x, const Shape& factors);
at::Tensor doubled(const at::Tensor& x, const Shape& factors, Compat compat);

}  // namespace denoscope::kernels
