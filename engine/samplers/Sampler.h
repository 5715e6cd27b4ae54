// SPDX-License-Identifier: GPL-3.0-or-later
// What every sampler shares: the noise levels, the noise source and the observer. A sampler is one free
// function
//   (denoiser, x, sigmas, options, noise, observer) -> x
// in the coordinates of a variance-exploding process (see Denoiser.h). sigmas: strictly decreasing, positive
// but for the last, which may be 0 (Grids.h); x: (B, C, ...) at sigmas[0], of any float type, on any device.
// The result is at sigmas.back(), or an undefined tensor when the observer ended it early. No sampler adds
// noise in its last step, not even when that ends above 0: what it returns is to be looked at.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "engine/samplers/Grids.h"

namespace denoscope {

// The normal draw of step n (0 .. steps - 1), shaped like x. A sampler asks at most once a step, in order,
// and only where it adds noise. Passed in, so that a sampler can be tested and replayed.
using NoiseSource = std::function<at::Tensor(int n)>;

struct SamplerStep {
    int step = 0;         // 0 .. steps - 1
    double sigma = 0;     // noise level of x
    at::Tensor x;         // before the step
    at::Tensor denoised;  // the estimate of the clean x there
};
// Called once a step, between network calls. Returning false ends the sampler early.
using SamplerObserver = std::function<bool(const SamplerStep&)>;

}  // namespace denoscope
