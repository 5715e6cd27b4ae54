// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

struct LmsOptions {
    int order = 4;  // 1 to 4: slopes that a step builds on; 1 = Euler
};

// Linear multistep: Adams and Bashforth's method on dx/dsigma = (x - D) / sigma (arXiv:2206.00364 eq. 1),
// with the polynomial through the last slopes integrated exactly over each step of an uneven grid. One
// network call a step; the first steps are of lower order. Draws no noise.
at::Tensor sampleLms(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                     const LmsOptions& options, const NoiseSource& noise, const SamplerObserver& observe);

}  // namespace denoscope
