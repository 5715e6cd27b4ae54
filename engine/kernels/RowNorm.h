// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/Config.h"
#include "engine/kernels/PointwiseLoops.h"

namespace denoscope::kernels {

NormRule normRule(std::int64_t length, Compat compat, double scale = 1);

// ops::pixelNorm along the channels of (B, C, ...size).
at::Tensor channelNorm(const at::Tensor& x, Compat compat);

// The rule for the rows of a weight (out, ...).
NormRule rowRule(const at::Tensor& weight, Compat compat, double scale = 1);

// Rows of contiguous float32 (out, ...) to unit root mean square times rule.scale; their norms (out).
struct NormedRows {
    at::Tensor rows, norms;
};
NormedRows normedRows(const at::Tensor& x, const NormRule& rule);
// The same with x itself, without a gradient.
void normRowsInPlace(const at::Tensor& x, const NormRule& rule);
// The gradient of x from that of the rows, in whose place it is written.
void toGradientOfInput(const at::Tensor& x, const at::Tensor& norms, const at::Tensor& gradient,
                       const NormRule& rule);

}  // namespace denoscope::kernels
