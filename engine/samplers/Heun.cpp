// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Heun.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace denoscope {

at::Tensor sampleHeun(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                      const HeunOptions& options, const NoiseSource& noise, const SamplerObserver& observe) {
    const int steps = static_cast<int>(sigmas.size()) - 1;
    const double maxGamma = std::min(options.churn / steps, std::numbers::sqrt2 - 1);
    at::Tensor denoised;
    for (int step = 0; step < steps; ++step) {
        double sigma = sigmas[static_cast<std::size_t>(step)];
        const double next = sigmas[static_cast<std::size_t>(step) + 1];

        const bool churns = maxGamma > 0 && sigma >= options.churnMin && sigma <= options.churnMax;
        if (churns) {  // raise the noise level a little with fresh noise
            const double raised = sigma * (1 + maxGamma);
            x = x + noise(step) * (std::sqrt(raised * raised - sigma * sigma) * options.churnNoise);
            sigma = raised;
        }
        denoised = denoiser.denoise(x, sigma, denoised).clean;
        if (!observe({step, sigma, x, denoised}))
            return {};

        const at::Tensor slope = (x - denoised) / sigma;
        at::Tensor moved = x + slope * (next - sigma);
        if (options.secondOrder && next > 0) {
            denoised = denoiser.denoise(moved, next, denoised).clean;
            moved = x + (slope + (moved - denoised) / next) * ((next - sigma) / 2);
        }
        x = moved;
    }
    return x;
}

}  // namespace denoscope
