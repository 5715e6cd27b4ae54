// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/EmaProfile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/api/Error.h"
#include "engine/core/LinearSolve.h"

namespace denoscope {
namespace {

// Inner product over time of two profiles, (gamma + 1) s^gamma / t^(gamma + 1) up to t each (appendix C).
double product(const PowerProfile& a, double gammaA, const PowerProfile& b, double gammaB) {
    const double ta = static_cast<double>(a.step), tb = static_cast<double>(b.step);
    const double shared = ta < tb ? std::pow(ta / tb, gammaB) / tb : std::pow(tb / ta, gammaA) / ta;
    return (gammaA + 1) * (gammaB + 1) / (gammaA + gammaB + 1) * shared;
}

}  // namespace

double emaDecay(std::int64_t step, double halfLife) {
    constexpr double rampUp = 0.05;
    const double effective = std::min(halfLife, static_cast<double>(step) * rampUp);
    return effective > 0 ? std::pow(0.5, 1 / effective) : 0;
}

double warmupDecay(const WarmupEma& ema, std::int64_t call) {
    if (call % ema.updateEvery != 0)
        return 1;
    const auto epoch = static_cast<double>(call - ema.updateAfterStep);
    if (epoch <= 0)
        return 0;
    return std::min(std::max(1 - std::pow(1 + epoch / ema.invGamma, -ema.power), ema.minValue), ema.beta);
}

double gammaOf(double sigmaRel) {
    if (!(sigmaRel > 0 && sigmaRel < widestSigmaRel))
        throw EngineError(fmt::format("no power-function average has a relative width of {}", sigmaRel),
                          "sigma_rel", fmt::format("give a width above 0 and below {:.4f}", widestSigmaRel));
    // gamma^3 + 7 gamma^2 + (16 - w) gamma + 12 - w = 0 rises and bends upwards above its positive root, so
    // that Newton's steps from 1 / sigmaRel, which lies above, fall towards it and never pass.
    const double w = 1 / (sigmaRel * sigmaRel);
    double gamma = 1 / sigmaRel;
    for (double before = gamma + 1; gamma < before;) {
        before = gamma;
        const double value = ((gamma + 7) * gamma + 16 - w) * gamma + 12 - w;
        gamma -= value / ((3 * gamma + 14) * gamma + 16 - w);
    }
    return gamma;
}

double powerDecay(std::int64_t t, double gamma) {
    return std::pow(1 - 1 / static_cast<double>(t), gamma + 1);
}

PostHocFit fitPostHoc(const std::vector<PowerProfile>& stored, const PowerProfile& wanted) {
    const std::size_t n = stored.size();
    if (std::ranges::none_of(stored, [&](const PowerProfile& each) { return each.step >= wanted.step; }))
        throw EngineError(fmt::format("no stored average reaches step {}", wanted.step), "",
                          "ask for a step up to that of the last stored average");
    const double gamma = gammaOf(wanted.sigmaRel);
    std::vector<double> gammas, scales, matrix, right;
    for (const PowerProfile& each : stored) {
        gammas.push_back(gammaOf(each.sigmaRel));
        scales.push_back(1 / std::sqrt(product(each, gammas.back(), each, gammas.back())));
    }
    for (std::size_t i = 0; i < n; ++i) {  // of profiles with norm 1, which keeps the elimination stable
        for (std::size_t j = 0; j < n; ++j)
            matrix.push_back(product(stored[i], gammas[i], stored[j], gammas[j]) * scales[i] * scales[j]);
        right.push_back(product(stored[i], gammas[i], wanted, gamma) * scales[i]);
    }
    const auto nearest = solveLinear(matrix, right), pull = solveLinear(matrix, scales);
    if (!nearest || !pull)
        throw EngineError("two stored averages have the same step and relative width", "",
                          "give each average once");
    // Lagrange: the gradient of the squared error is a multiple of that of the sum.
    const auto sumOf = [&](const std::vector<double>& x) {
        return std::inner_product(x.begin(), x.end(), scales.begin(), 0.0);
    };
    const double multiple = (1 - sumOf(*nearest)) / sumOf(*pull);
    PostHocFit fit;
    double explained = -multiple;
    for (std::size_t i = 0; i < n; ++i) {
        const double x = (*nearest)[i] + multiple * (*pull)[i];
        fit.weights.push_back(x * scales[i]);
        explained += x * right[i];
    }
    fit.error = std::sqrt(std::max(0.0, 1 - explained / product(wanted, gamma, wanted, gamma)));
    return fit;
}

void refuseFarWidth(const std::vector<PowerProfile>& stored, const PowerProfile& wanted,
                    const PostHocFit& fit) {
    constexpr double most = 0.5, grain = 0.01;
    if (fit.error <= most)
        return;
    double narrowest = widestSigmaRel, widest = 0;
    for (double width = grain; width < widestSigmaRel; width += grain)
        if (fitPostHoc(stored, {width, wanted.step}).error <= most) {
            narrowest = std::min(narrowest, width);
            widest = std::max(widest, width);
        }
    throw EngineError(
        fmt::format("the run's snapshots cannot give an average of width {}: the nearest is {:.0f} % "
                    "off",
                    wanted.sigmaRel, 100 * fit.error),
        "sampling.ema_width",
        widest > 0 ? fmt::format("ask for {:.2f} to {:.2f}", narrowest, widest)
                   : "ask for one that was trained");
}

}  // namespace denoscope
