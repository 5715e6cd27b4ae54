// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Inpaint.h"

#include <ATen/ATen.h>

#include <cmath>

namespace denoscope {

std::vector<int> inpaintWalk(int steps, const InpaintOptions& options) {
    // Stretches end `jump` apart, counted from the clean end, as far as one fits before the start.
    std::vector<int> returns(static_cast<std::size_t>(steps) + 1, 0);
    for (int fromEnd = 0; fromEnd + options.jump < steps; fromEnd += options.jump)
        returns[static_cast<std::size_t>(steps - fromEnd)] = options.resamples - 1;
    std::vector<int> walk{0};
    for (int position = 0; position < steps;) {
        walk.push_back(++position);
        if (int& left = returns[static_cast<std::size_t>(position)]; left > 0) {
            --left;
            position -= options.jump;
            walk.push_back(position);
        }
    }
    return walk;
}

at::Tensor sampleInpaint(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                         const KnownPart& known, const InpaintOptions& options, const NoiseSource& noise,
                         const SamplerObserver& observe) {
    const std::vector<int> walk = inpaintWalk(static_cast<int>(sigmas.size()) - 1, options);
    const auto level = [&](int position) { return sigmas[static_cast<std::size_t>(position)]; };
    at::Tensor previous;
    int draws = 0, step = 0;
    for (std::size_t move = 1; move < walk.size(); ++move) {
        const double sigma = level(walk[move - 1]), next = level(walk[move]);
        if (next > sigma) {  // back: diffuse on from where it is
            x = x + std::sqrt(next * next - sigma * sigma) * noise(draws++);
            continue;
        }
        const Estimate estimate = denoiser.denoise(x, sigma, previous);
        if (!observe({step++, sigma, x, estimate.clean}))
            return {};
        std::function<at::Tensor()> fresh;
        if (move + 1 < walk.size())  // what is returned is to be looked at: nothing is added
            fresh = [&] { return noise(draws++); };
        const at::Tensor drawn = ancestralStep(estimate, x, sigma, next, options.step, fresh);
        const at::Tensor given = next > 0 && fresh ? known.clean + next * fresh() : known.clean;
        x = known.mask * given + (1 - known.mask) * drawn;
        previous = estimate.clean;
    }
    return x;
}

}  // namespace denoscope
