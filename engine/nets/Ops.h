// SPDX-License-Identifier: GPL-3.0-or-later
// What networks are made of, for any spatial rank: the magnitude-preserving operations of EDM2 (Karras et al.
// 2024, arXiv:2312.02696) and those of the DDPM UNet. Networks ask for these and do not care how they are
// computed: by LibTorch's operations one by one, or by the fused ones of engine/kernels, which are tested
// against the former, where the thread's ComputeScope asks for them and there is one.
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/Array.h"
#include "engine/api/Config.h"
#include "engine/kernels/Pointwise.h"

namespace denoscope::ops {

// Whether x is computed with by fused kernels: this thread asks for them, and x is (B, C, ...size) in a
// precision that they have.
bool fused(const at::Tensor& x);

// SiLU divided by its root mean square under unit normal input (eq. 81).
at::Tensor mpSilu(const at::Tensor& x);

// A share of the elements of x (B, C, ...) becomes zero, the rest grows to make up for them; which ones, the
// thread's DropoutScope says. Both ways of computing must drop the same, so both take the kernels' mask: the
// plain way is no check of it (tests/engine/dropoutTest.cpp is).
at::Tensor dropout(const at::Tensor& x, double share);

// mpSilu of x (B, C, ...) times scale (B, C), then dropout of that share while training.
at::Tensor modulatedSilu(const at::Tensor& x, const at::Tensor& scale, double dropped, bool training);

// modulatedSilu for fused kernels, which compute it together with what follows.
kernels::Activation modulation(const at::Tensor& x, const at::Tensor& scale, double dropped, bool training);

// Weighted sum that keeps unit magnitude: ((1 - t) a + t b) / sqrt((1 - t)^2 + t^2) (eq. 88).
at::Tensor mpSum(const at::Tensor& a, const at::Tensor& b, double t);

// Concatenation along channels that keeps each side's contribution (eq. 103), balanced by t.
at::Tensor mpCat(const at::Tensor& a, const at::Tensor& b, double t = 0.5);

// Every vector along `dim` scaled to unit root mean square (eq. 30). Paper: x / (eps + rms); the reference
// package divides by max(norm, eps) instead.
at::Tensor pixelNorm(const at::Tensor& x, std::int64_t dim, Compat compat);

// Every output's weight vector scaled to unit root mean square (algorithm 1). weight: (out, ...).
at::Tensor normalizeWeight(const at::Tensor& weight, Compat compat);
void normalizeInPlace(const at::Tensor& weight, Compat compat);  // without a gradient

// Convolution of (B, C, ...) with a (out, in, k, ...) weight. Padded by (k - 1) / 2 along each axis, so that
// an odd k keeps the extent and 4 with a stride of 2 halves it. No stride = 1 everywhere.
at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias = {},
                    const Shape& stride = {});

// Every place's channels scaled to unit length, times gain times scale (arXiv:1910.07467 with scale =
// sqrt(channels)).
at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& gain, double scale);

// Blocks of `factors` places become channels: (B, C, ...) -> (B, C x product, ...), the places of one channel
// side by side.
at::Tensor spaceToDepth(const at::Tensor& x, const Shape& factors);

// Halving by averaging, and doubling, along the axes whose factor is 2. The paper repeats values; the
// reference package interpolates linearly (its halving is the same average).
at::Tensor downsample(const at::Tensor& x, const Shape& factors);
at::Tensor upsample(const at::Tensor& x, const Shape& factors, Compat compat);

}  // namespace denoscope::ops
