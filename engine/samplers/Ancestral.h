// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

struct AncestralOptions {
    double eta = 1;               // share of the noise that is drawn afresh; 0 = Euler
    double noise = 1;             // factor on the fresh noise (S_noise)
    bool learnedVariance = true;  // take a step's variance from the model where it learned one
};

// Euler ancestral, DDPM and DDIM(eta) are this one step from noise level s to n:
//   up^2 = eta^2 n^2 (s^2 - n^2) / s^2,  down^2 = n^2 - up^2,  x <- D + (x - D) down / s + up noise.
// DDIM (Song et al., arXiv:2010.02502 eq. 12 and 16) has, for y = a x with a^2 = abar = 1 / (1 + s^2),
//   y' = a' D + sqrt(1 - abar' - v) e + sqrt(v) noise,  v = eta^2 (1 - abar') / (1 - abar) (1 - abar /
//   abar').
// Divide by a'. With (1 - abar') / abar' = n^2, 1 - abar = s^2 / (1 + s^2) and abar / abar' = (1 + n^2) / (1
// + s^2), v / abar' = eta^2 n^2 (s^2 - n^2) / s^2 = up^2 and sqrt(1 - abar' - v) e / a' = down (x - D) / s.
// DDPM (Ho et al., arXiv:2006.11239 eq. 6 and 7) is eta = 1: there down / s = n^2 / s^2, which is eq. 7's
// factor of y in these coordinates, alpha (1 - abar') / (1 - abar), and up^2 its beta~. The equivalence is on
// the model's own levels (ownSigmas); a last step to 0 returns D.
//
// A learned variance (Nichol and Dhariwal, arXiv:2102.09672 eq. 15) lies between beta~ and beta in the
// logarithm. beta / abar' = (1 - abar / abar') / abar' = (s^2 - n^2) (1 + n^2) / (1 + s^2). It replaces the
// variance of the noise, not the mean, and is scaled by eta^2, also where a step leaps over levels of the
// model: beta~ and beta are then those of the leap (their section 4).
//
// fresh: the normal draw of the step, asked for only where it is added; empty: nothing is added.
at::Tensor ancestralStep(const Estimate& estimate, const at::Tensor& x, double sigma, double next,
                         const AncestralOptions& options, const std::function<at::Tensor()>& fresh);

at::Tensor sampleAncestral(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                           const AncestralOptions& options, const NoiseSource& noise,
                           const SamplerObserver& observe);

}  // namespace denoscope
