// SPDX-License-Identifier: GPL-3.0-or-later
// What every sampler shares: the noise levels, the noise source and the observer.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>
#include <vector>

namespace denoscope {

// The normal draw of step n, shaped like x. Passed in, so that a sampler can be tested and replayed.
using NoiseSource = std::function<at::Tensor(int n)>;

struct SamplerStep {
    int step = 0;         // 0 .. steps - 1
    double sigma = 0;     // noise level of x
    at::Tensor x;         // before the step
    at::Tensor denoised;  // the estimate of the clean x there
};
// Called once a step, between network calls. Returning false ends the sampler early.
using SamplerObserver = std::function<bool(const SamplerStep&)>;

// Noise levels of arXiv:2206.00364 eq. 5, from sigmaMax down to sigmaMin, then 0: steps + 1 values.
std::vector<double> karrasSigmas(int steps, double sigmaMin, double sigmaMax, double rho);

}  // namespace denoscope
