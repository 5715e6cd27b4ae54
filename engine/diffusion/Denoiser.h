// SPDX-License-Identifier: GPL-3.0-or-later
// The one view of every model: D(x, sigma), the estimate of the clean x.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

class Denoiser {
public:
    virtual ~Denoiser() = default;

    // x: (B, C, ...) at noise level sigma (float32); previous: the estimate of the last call for a
    // self-conditioned model, undefined on the first. Returns (B, C, ...). No gradient is recorded.
    virtual at::Tensor denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) = 0;
};

}  // namespace denoscope
