// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

enum class UniPcVariant { Bh1, Bh2 };  // B(h) = h or e^h - 1; the paper prefers the second for few steps

struct UniPcOptions {
    int order = 2;  // 1 to 4: estimates that the predictor builds on; the corrector adds one to the order
    UniPcVariant variant = UniPcVariant::Bh2;
    bool correct = true;  // false: the predictor UniP alone
};

// UniPC (Zhao et al., arXiv:2302.04867, algorithms 1 and 2, multistep, predicting the data as in appendix B):
// the estimate at the predicted x also corrects that x, so that a step costs one network call. The first
// steps are of lower order and a step to 0 returns the estimate. The observer sees the corrected x beside the
// estimate from the predicted one: no other is computed. Draws no noise.
at::Tensor sampleUniPc(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                       const UniPcOptions& options, const NoiseSource& noise, const SamplerObserver& observe);

}  // namespace denoscope
