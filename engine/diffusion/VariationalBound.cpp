// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/VariationalBound.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "engine/diffusion/Preconditioning.h"

namespace denoscope {
namespace {

// Of the standard normal distribution, in the approximation that the package uses (Page 1977).
at::Tensor normalCdf(const at::Tensor& x) {
    return 0.5 * (1 + ((x + 0.044715 * x.pow(3)) * std::sqrt(2 * std::numbers::inv_pi)).tanh());
}

// Of 256 levels over -1 .. 1; the outermost reach to infinity.
at::Tensor logLikelihood(const at::Tensor& clean, const at::Tensor& mean, const at::Tensor& logDeviation) {
    constexpr double halfLevel = 1.0 / 255, edge = 0.999, least = 1e-15;
    const at::Tensor inverse = (-logDeviation).exp();
    const at::Tensor below = normalCdf(inverse * (clean - mean + halfLevel));
    const at::Tensor above = normalCdf(inverse * (clean - mean - halfLevel));
    const auto logOf = [](const at::Tensor& p) { return p.clamp_min(least).log(); };
    return at::where(clean < -edge, logOf(below),
                     at::where(clean > edge, logOf(1 - above), logOf(below - above)));
}

at::Tensor bits(const at::Tensor& x) {
    return x.flatten(1).mean(1) / std::numbers::ln2;
}

}  // namespace

at::Tensor variationalBound(const Estimate& estimate, const at::Tensor& clean, const at::Tensor& x,
                            const at::Tensor& times, const NoiseSchedule& schedule) {
    // Levels of step t and the one before it; q(x_{t-1} | x_t, x_0) in these: arXiv:2006.11239 eq. 7.
    const at::Tensor first = times <= 0;
    const at::Tensor alphaBar = schedule.logSnr(times).sigmoid();
    const at::Tensor before =
        at::where(first, at::ones_like(alphaBar), schedule.logSnr((times - 1).clamp_min(0)).sigmoid());
    const at::Tensor beta = 1 - alphaBar / before;
    const at::Tensor variance = beta * (1 - before) / (1 - alphaBar);
    const at::Tensor smallest = variance.clamp_min(1e-20).log(), largest = beta.log();
    const at::Tensor noisy = perItem(alphaBar.sqrt(), x) * x;
    const at::Tensor keep = perItem((1 - before) * (alphaBar / before).sqrt() / (1 - alphaBar), x) * noisy;
    const at::Tensor take = perItem(beta * before.sqrt() / (1 - alphaBar), x);

    const at::Tensor trueMean = take * clean + keep;
    const at::Tensor modelMean = (take * estimate.clean + keep).detach();
    const at::Tensor trueLog = perItem(smallest, x);
    const at::Tensor modelLog = estimate.variance * perItem(largest, x) + (1 - estimate.variance) * trueLog;

    const at::Tensor divergence = 0.5 * (modelLog - trueLog - 1 + (trueLog - modelLog).exp() +
                                         (trueMean - modelMean).square() * (-modelLog).exp());
    const at::Tensor likelihood = logLikelihood(clean, modelMean, 0.5 * modelLog);
    return at::where(first, bits(-likelihood), bits(divergence));
}

}  // namespace denoscope
