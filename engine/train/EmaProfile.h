// SPDX-License-Identifier: GPL-3.0-or-later
// The numbers behind every average of the weights: how much of the old average one update keeps (its decay;
// 0 copies the online weights, 1 changes nothing), and how stored averages combine into others.
#pragma once

#include <cstdint>
#include <vector>

namespace denoscope {

// An exponential average whose half-life is capped, while training is young, at 5 % of the steps so far (the
// ramp-up of arXiv:2206.00364's training code), so that the start is forgotten quickly.
double emaDecay(std::int64_t step, double halfLife);

// The exponential average of the Python package (ema_pytorch): copies at first, then warms up as
// 1 - (1 + epoch / invGamma)^-power to beta. The defaults are those of its trainer.
struct WarmupEma {
    double beta = 0.995;
    std::int64_t updateEvery = 10;       // calls that are heeded: 0, updateEvery, 2 updateEvery, ...
    std::int64_t updateAfterStep = 100;  // up to this call the weights are copied; later epoch = call - this
    double invGamma = 1;
    double power = 2.0 / 3;
    double minValue = 0;
};
// call: 0 for the first update after the average was made; the trainer makes one call an optimiser step.
double warmupDecay(const WarmupEma& ema, std::int64_t call);

// The power-function average of EDM2 (Karras et al. 2023, arXiv:2312.02696, section 3.1 and appendix C): the
// weights of step s count as s^gamma, so that its width is always the same share sigmaRel of the steps so
// far. sigmaRel^2 = (gamma + 1) / ((gamma + 2)^2 (gamma + 3)); gammaOf is the positive root of that cubic.
// Throws EngineError unless 0 < sigmaRel < widestSigmaRel, where gamma is 0 and all steps count alike.
constexpr double widestSigmaRel = 0.28867513459481287;  // 1 / sqrt(12)
double gammaOf(double sigmaRel);

// beta_t = (1 - 1 / t)^(gamma + 1); t: steps averaged with this one, from 1, which copies.
double powerDecay(std::int64_t t, double gamma);

struct PowerProfile {
    double sigmaRel = 0;
    std::int64_t step = 0;  // where it ends: from 1
};

// Post-hoc EMA (algorithm 3 of the same paper): the weights of stored averages whose sum comes nearest, in
// the least squares of the profiles over time, to another profile. Of those whose sum is 1: without that
// they fall short of it far from what is stored, and so would the average. (The authors' code divides by the
// sum, which comes less near.)
struct PostHocFit {
    std::vector<double> weights;  // one for each of `stored`; their sum is 1
    double error = 0;             // of the profile: |wanted - fit| / |wanted|
};
// Throws EngineError where nothing is stored, two are the same, or the wanted one ends after all stored.
PostHocFit fitPostHoc(const std::vector<PowerProfile>& stored, const PowerProfile& wanted);

// Throws EngineError, naming the widths that can be had, where the fit to `wanted` is more than half off.
void refuseFarWidth(const std::vector<PowerProfile>& stored, const PowerProfile& wanted,
                    const PostHocFit& fit);

}  // namespace denoscope
