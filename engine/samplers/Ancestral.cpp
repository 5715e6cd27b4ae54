// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Ancestral.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "engine/samplers/Walk.h"

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

at::Tensor ancestralStep(const Estimate& estimate, const at::Tensor& x, double sigma, double next,
                         const AncestralOptions& options, const std::function<at::Tensor()>& fresh) {
    const double up = std::min(next, options.eta * next / sigma * std::sqrt((sigma - next) * (sigma + next)));
    const double down = std::sqrt((next - up) * (next + up));
    const at::Tensor moved = estimate.clean + (x - estimate.clean) * (down / sigma);
    if (up == 0 || !fresh)
        return moved;
    const at::Tensor added = fresh() * options.noise;
    const bool learned = options.learnedVariance && estimate.variance.defined();
    return moved +
           (learned ? learnedDeviation(estimate.variance, sigma, next) * added * options.eta : added * up);
}

at::Tensor sampleAncestral(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                           const AncestralOptions& options, const NoiseSource& noise,
                           const SamplerObserver& observe) {
    return walkDown(denoiser, std::move(x), sigmas, observe, [&](const WalkStep& at) {
        std::function<at::Tensor()> fresh;
        if (!at.last)
            fresh = [&] { return noise(at.number); };
        return ancestralStep(at.estimate, at.x, at.sigma, at.next, options, fresh);
    });
}

}  // namespace denoscope
