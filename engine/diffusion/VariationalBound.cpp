// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/VariationalBound.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "engine/diffusion/Posterior.h"
#include "engine/diffusion/Preconditioning.h"

namespace denoscope {
namespace {

// Of the standard normal distribution, in the approximation that the package uses (Page 1977). Beyond a few
// deviations it is 0 or 1 to the last bit; its cube would overflow there, and take the gradient along.
at::Tensor normalCdf(const at::Tensor& x) {
    constexpr double flat = 20;
    const at::Tensor near = x.clamp(-flat, flat);
    return 0.5 * (1 + ((near + 0.044715 * near.pow(3)) * std::sqrt(2 * std::numbers::inv_pi)).tanh());
}

// Of 256 levels over -1 .. 1; the outermost reach to infinity.
at::Tensor logLikelihood(const at::Tensor& clean, const at::Tensor& mean, const at::Tensor& logDeviation) {
    constexpr double halfLevel = 1.0 / 255, edge = 0.999, least = 1e-15, narrowest = -40;
    const at::Tensor inverse = (-logDeviation.clamp_min(narrowest)).exp();
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
    // Levels of step t and the one before it.
    const at::Tensor first = times <= 0;
    const at::Tensor alphaBar = schedule.logSnr(times).sigmoid();
    const at::Tensor before =
        at::where(first, at::ones_like(alphaBar), schedule.logSnr((times - 1).clamp_min(0)).sigmoid());
    const at::Tensor beta = 1 - alphaBar / before;
    const Posterior<at::Tensor> posterior = posteriorOf(alphaBar, before, beta);
    const at::Tensor smallest = posterior.variance.clamp_min(1e-20).log(), largest = beta.log();
    const at::Tensor noisy = perItem(alphaBar.sqrt(), x) * x;
    const at::Tensor keep = perItem(posterior.noisy, x) * noisy, take = perItem(posterior.clean, x);

    const at::Tensor trueMean = take * clean + keep;
    const at::Tensor modelMean = (take * estimate.clean + keep).detach();
    const at::Tensor trueLog = perItem(smallest, x);
    const at::Tensor modelLog = estimate.variance * perItem(largest, x) + (1 - estimate.variance) * trueLog;

    // Each item takes one of the two terms. The other is computed from something harmless, for where it is
    // not finite even a gradient of 0 would come back as NaN.
    const at::Tensor isFirst = first.view(perItem(smallest, x).sizes());
    const at::Tensor later = at::where(isFirst, trueLog.expand_as(modelLog), modelLog);
    const at::Tensor divergence = 0.5 * (later - trueLog - 1 + (trueLog - later).exp() +
                                         (trueMean - modelMean).square() * (-later).exp());
    const at::Tensor likelihood =
        logLikelihood(clean, modelMean, 0.5 * at::where(isFirst, modelLog, at::zeros_like(modelLog)));
    return at::where(first, bits(-likelihood), bits(divergence));
}

}  // namespace denoscope
