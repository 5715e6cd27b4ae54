// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/DpmSolver.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "engine/samplers/Walk.h"

namespace denoscope {
namespace {

// The estimate at a level and the step in -ln sigma that led from there.
struct Past {
    at::Tensor clean;
    double h;
};

// What a step of h adds to that of order 1, from the change of the estimate. `now` is the estimate at the
// step's start, past[0] the one before it.
at::Tensor correction(const DpmSolverOptions& options, const at::Tensor& now, const std::vector<Past>& past,
                      double h) {
    const double scaled = h * (1 + options.eta);
    const double phi2 = std::expm1(-scaled) / scaled + 1;
    const at::Tensor first = (now - past[0].clean) * (h / past[0].h);  // per h, as all that follows
    if (options.order == 2 && options.combine == SecondOrder::Midpoint)
        return first * (-std::expm1(-scaled) / 2);
    if (options.order == 2 || past.size() == 1)
        return first * phi2;
    const double r0 = past[0].h / h, r1 = past[1].h / h;
    const at::Tensor second = (first - (past[0].clean - past[1].clean) / r1) / (r0 + r1);
    const double phi3 = phi2 / scaled - 0.5;
    return (first + second * r0) * phi2 - second * (options.fullCurvature ? 2 * phi3 : phi3);
}

}  // namespace

at::Tensor sampleDpmSolver(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                           const DpmSolverOptions& options, const NoiseSource& noise,
                           const SamplerObserver& observe) {
    std::vector<Past> past;  // newest first
    return walkDown(denoiser, std::move(x), sigmas, observe, [&](const WalkStep& at) {
        const at::Tensor& denoised = at.estimate.clean;
        if (at.next == 0)
            return denoised;

        const double h = std::log(at.sigma / at.next), scaled = h * (1 + options.eta);
        at::Tensor moved = at.x * std::exp(-scaled) - denoised * std::expm1(-scaled);
        if (!past.empty())
            moved = moved + correction(options, denoised, past, h);
        if (options.eta > 0 && !at.last)
            moved = moved + noise(at.number) *
                                (at.next * std::sqrt(-std::expm1(-2 * options.eta * h)) * options.noise);
        past.insert(past.begin(), {denoised, h});
        past.resize(std::min<std::size_t>(past.size(), static_cast<std::size_t>(options.order - 1)));
        return moved;
    });
}

}  // namespace denoscope
