// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

struct HeunOptions {
    bool secondOrder = true;                // false: Euler, the same without the correction
    double churn = 0;                       // S_churn; 0 = deterministic
    double churnMin = 0, churnMax = 1e300;  // S_tmin, S_tmax
    double churnNoise = 1;                  // S_noise
};

// Algorithm 2 of arXiv:2206.00364 (algorithm 1 when churn is 0). x: (B, C, ...) at sigmas[0]. Returns the
// sample, or an undefined tensor when the observer ended it early.
at::Tensor sampleHeun(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                      const HeunOptions& options, const NoiseSource& noise, const SamplerObserver& observe);

}  // namespace denoscope
