// SPDX-License-Identifier: GPL-3.0-or-later
// The magnitude-preserving operations of engine/nets/Ops.h, each in one pass over memory and with a gradient
// of its own. Tensors (B, C, ...size), float32 or bfloat16; results have their channels last.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/Array.h"

namespace denoscope::kernels {

at::Tensor mpSilu(const at::Tensor& x);

// dropout(mpSilu(x scale)), where scale (B, C) is float32. keys: of each item's mask; empty without dropout.
at::Tensor modulatedSilu(const at::Tensor& x, const at::Tensor& scale, double dropout,
                         const std::vector<std::uint64_t>& keys);
// The mask that modulatedSilu applies, with its factor 1 / (1 - dropout): (B, C, ...size) float32.
at::Tensor dropoutMask(const Shape& shape, double dropout, const std::vector<std::uint64_t>& keys);

// ca a + cb b.
at::Tensor weightedSum(const at::Tensor& a, double ca, const at::Tensor& b, double cb);

// The channels of ca a, then those of cb b.
at::Tensor weightedCat(const at::Tensor& a, double ca, const at::Tensor& b, double cb);

}  // namespace denoscope::kernels
