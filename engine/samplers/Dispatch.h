// SPDX-License-Identifier: GPL-3.0-or-later
// From the settings of a request to a grid of noise levels and a sampler.
#pragma once

#include "engine/api/Config.h"
#include "engine/diffusion/Denoiser.h"
#include "engine/diffusion/NoiseSchedule.h"
#include "engine/samplers/Ancestral.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

// Falling noise levels, sampling.steps + 1 of them (fewer where a discrete process has fewer), the last one 0
// unless the process itself ends above it.
std::vector<double> sigmaGrid(const NoiseSchedule& schedule, const SamplingConfig& sampling);

// The ancestral steps that a request means: `ancestral` has its eta, `ddim` none; 1 with every other sampler.
AncestralOptions ancestralOptions(const SamplingConfig& sampling);

// x: (B, C, ...) at sigmas[0]. Returns the sample, or an undefined tensor when the observer ended it early.
at::Tensor runSampler(Denoiser& denoiser, const at::Tensor& x, const std::vector<double>& sigmas,
                      const SamplingConfig& sampling, const NoiseSource& noise,
                      const SamplerObserver& observe);

}  // namespace denoscope
