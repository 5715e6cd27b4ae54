// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Ancestral.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

namespace denoscope {
namespace {

// Standard deviation of the noise of a step, like position (Estimate::variance).
at::Tensor learnedDeviation(const at::Tensor& position, double sigma, double next) {
    const double dropped = (sigma - next) * (sigma + next);
    const double least = std::log(next * next * dropped / (sigma * sigma));
    const double most = std::log(dropped * (1 + next * next) / (1 + sigma * sigma));
    return at::exp((position * (most - least) + least) / 2);
}

}  // namespace

at::Tensor sampleAncestral(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                           const AncestralOptions& options, const NoiseSource& noise,
                           const SamplerObserver& observe) {
    const int steps = static_cast<int>(sigmas.size()) - 1;
    Estimate estimate;
    for (int step = 0; step < steps; ++step) {
        const double sigma = sigmas[static_cast<std::size_t>(step)];
        const double next = sigmas[static_cast<std::size_t>(step) + 1];
        estimate = denoiser.denoise(x, sigma, estimate.clean);
        if (!observe({step, sigma, x, estimate.clean}))
            return {};

        const double up =
            std::min(next, options.eta * next / sigma * std::sqrt((sigma - next) * (sigma + next)));
        const double down = std::sqrt((next - up) * (next + up));
        x = estimate.clean + (x - estimate.clean) * (down / sigma);
        if (up == 0 || step + 1 == steps)
            continue;
        const at::Tensor fresh = noise(step) * options.noise;
        const bool learned = options.learnedVariance && estimate.variance.defined();
        x = x +
            (learned ? learnedDeviation(estimate.variance, sigma, next) * fresh * options.eta : fresh * up);
    }
    return x;
}

}  // namespace denoscope
