// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Lms.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numbers>

#include "engine/samplers/Walk.h"

namespace denoscope {
namespace {

struct Slope {
    double sigma;
    at::Tensor value;
};

double lagrange(const std::vector<Slope>& slopes, std::size_t which, double sigma) {
    double product = 1;
    for (std::size_t k = 0; k < slopes.size(); ++k)
        if (k != which)
            product *= (sigma - slopes[k].sigma) / (slopes[which].sigma - slopes[k].sigma);
    return product;
}

// The integral of a slope's Lagrange polynomial, which is cubic at most: Gauss and Legendre's rule of two
// points is exact.
double weightOf(const std::vector<Slope>& slopes, std::size_t which, double from, double to) {
    const double middle = (from + to) / 2, half = (to - from) / 2, offset = half * std::numbers::inv_sqrt3;
    return half * (lagrange(slopes, which, middle - offset) + lagrange(slopes, which, middle + offset));
}

}  // namespace

at::Tensor sampleLms(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                     const LmsOptions& options, const NoiseSource&, const SamplerObserver& observe) {
    std::vector<Slope> slopes;  // newest first
    return walkDown(denoiser, std::move(x), sigmas, observe, [&](const WalkStep& at) {
        slopes.insert(slopes.begin(), {at.sigma, (at.x - at.estimate.clean) / at.sigma});
        slopes.resize(std::min<std::size_t>(slopes.size(), static_cast<std::size_t>(options.order)));
        at::Tensor moved = at.x;
        for (std::size_t k = 0; k < slopes.size(); ++k)
            moved = moved + slopes[k].value * weightOf(slopes, k, at.sigma, at.next);
        return moved;
    });
}

}  // namespace denoscope
