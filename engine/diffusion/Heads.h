// SPDX-License-Identifier: GPL-3.0-or-later
// How the channels of a network's output become an estimate of the clean item.
#pragma once

#include "engine/diffusion/Denoiser.h"
#include "engine/diffusion/Guidance.h"
#include "engine/diffusion/Process.h"

namespace denoscope {

// raw: (B, outputs, ...) of a network that saw x (B, C, ...) at these levels. clampNoise: the weighted
// objective's estimate from the noise is kept within -2 .. 2, as its training does.
Estimate estimateFrom(const Process& process, const at::Tensor& raw, const at::Tensor& x,
                      const at::Tensor& logSnr, bool clampNoise = false);

// The same with classifier-free guidance, from the raw outputs with and without the condition. Where one
// prediction stands for the item it is guided as the package does it; of the weighted objective, which has
// two, the mix is. A learned variance is that with the condition.
Estimate guidedEstimate(const Process& process, const Guidance& guidance, const at::Tensor& conditional,
                        const at::Tensor& unconditional, const at::Tensor& x, const at::Tensor& logSnr);

// The two estimates of the weighted objective and how they are mixed: softmax(weights) over the package's
// order (from the noise, directly).
struct TwoEstimates {
    at::Tensor noise, clean, weights;  // (B, C, ...), (B, C, ...), (B, 2, ...)
};
TwoEstimates splitWeighted(const at::Tensor& raw, std::int64_t channels);

}  // namespace denoscope
