// SPDX-License-Identifier: GPL-3.0-or-later
// The magnitude-preserving operations of EDM2 (Karras et al. 2024, arXiv:2312.02696), for any spatial rank.
// Networks ask for these and do not care how they are computed; these plain ones are the oracle for faster
// ones.
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/Array.h"
#include "engine/api/Config.h"

namespace denoscope::ops {

// SiLU divided by its root mean square under unit normal input (eq. 81).
at::Tensor mpSilu(const at::Tensor& x);

// Weighted sum that keeps unit magnitude: ((1 - t) a + t b) / sqrt((1 - t)^2 + t^2) (eq. 88).
at::Tensor mpSum(const at::Tensor& a, const at::Tensor& b, double t);

// Concatenation along channels that keeps each side's contribution (eq. 103), balanced by t.
at::Tensor mpCat(const at::Tensor& a, const at::Tensor& b, double t = 0.5);

// Every vector along `dim` scaled to unit root mean square (eq. 30). Paper: x / (eps + rms); the reference
// package divides by max(norm, eps) instead.
at::Tensor pixelNorm(const at::Tensor& x, std::int64_t dim, Compat compat);

// Every output's weight vector scaled to unit root mean square (algorithm 1). weight: (out, ...).
at::Tensor normalizeWeight(const at::Tensor& weight, Compat compat);

// Same-padded convolution of (B, C, ...) with a (out, in, k, ...) weight, k odd; any spatial rank.
at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight);

// Halving by averaging, and doubling, along the axes whose factor is 2. The paper repeats values; the
// reference package interpolates linearly (its halving is the same average).
at::Tensor downsample(const at::Tensor& x, const Shape& factors);
at::Tensor upsample(const at::Tensor& x, const Shape& factors, Compat compat);

}  // namespace denoscope::ops
