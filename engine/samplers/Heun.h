// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

struct HeunOptions {
    bool secondOrder = true;                // false: Euler, the same without the correction
    double churn = 0;                       // S_churn; 0 = deterministic
    double churnMin = 0, churnMax = 1e300;  // S_tmin, S_tmax
    double churnNoise = 1;                  // S_noise
};

// Algorithm 2 of arXiv:2206.00364 (algorithm 1 when churn is 0). The observer sees x after its churn. Two
// network calls a step, one in a step to 0; Euler, which is DDIM without noise, always one.
at::Tensor sampleHeun(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                      const HeunOptions& options, const NoiseSource& noise, const SamplerObserver& observe);

}  // namespace denoscope
