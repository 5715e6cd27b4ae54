// SPDX-License-Identifier: GPL-3.0-or-later
// The one view of every model: D(x, sigma), the estimate of the clean x.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// x is always in the coordinates of a variance-exploding process, clean + sigma noise, whatever the process
// was trained on: a variance-preserving x_t = a clean + s noise is seen as x_t / a with sigma = s / a.
struct Estimate {
    at::Tensor clean;  // (B, C, ...)
    // Where a model learned its own variance (arXiv:2102.09672 eq. 15), like clean: the position of the
    // logarithm of an ancestral step's variance between the smallest (0) and the largest (1) that make sense.
    // Else undefined.
    at::Tensor variance;
};

class Denoiser {
public:
    virtual ~Denoiser() = default;

    // x: (B, C, ...) at noise level sigma (float32); previous: the clean estimate of the last call for a
    // self-conditioned model, undefined on the first. No gradient is recorded.
    virtual Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) = 0;
};

}  // namespace denoscope
