// SPDX-License-Identifier: GPL-3.0-or-later
// The loop of the samplers that ask the network once a step, at the step's start.
#pragma once

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

struct WalkStep {
    int number = 0;     // 0 .. steps - 1
    bool last = false;  // nothing is added in the last step
    double sigma = 0, next = 0;
    const at::Tensor& x;       // at sigma
    const Estimate& estimate;  // there
};

// advance(WalkStep) -> x at `next`. The rest as in Sampler.h.
template <class Advance>
at::Tensor walkDown(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                    const SamplerObserver& observe, Advance advance) {
    const int steps = static_cast<int>(sigmas.size()) - 1;
    Estimate estimate;
    for (int step = 0; step < steps; ++step) {
        const double sigma = sigmas[static_cast<std::size_t>(step)];
        const double next = sigmas[static_cast<std::size_t>(step) + 1];
        estimate = denoiser.denoise(x, sigma, estimate.clean);
        if (!observe({step, sigma, x, estimate.clean}))
            return {};
        x = advance(WalkStep{step, step + 1 == steps, sigma, next, x, estimate});
    }
    return x;
}

}  // namespace denoscope
