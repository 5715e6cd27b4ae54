// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Heads.h"

#include <ATen/ATen.h>

namespace denoscope {

TwoEstimates splitWeighted(const at::Tensor& raw, std::int64_t channels) {
    return {raw.narrow(1, 0, channels), raw.narrow(1, channels, channels),
            raw.narrow(1, 2 * channels, 2).softmax(1)};
}

Estimate estimateFrom(const Process& process, const at::Tensor& raw, const at::Tensor& x,
                      const at::Tensor& logSnr, bool clampNoise) {
    const std::int64_t channels = x.size(1);
    if (process.config().head == OutputHead::WeightedObjective) {
        const TwoEstimates two = splitWeighted(raw, channels);
        at::Tensor fromNoise = x - two.noise * perItem((logSnr / -2).exp(), x);
        if (clampNoise)
            fromNoise = fromNoise.clamp(-2, 2);
        return {two.weights.narrow(1, 0, 1) * fromNoise + two.weights.narrow(1, 1, 1) * two.clean, {}};
    }
    const Coefficients c = process.preconditioning().at(logSnr);
    const at::Tensor output = raw.narrow(1, 0, channels);
    Estimate estimate{perItem(c.skip, x) * x + perItem(c.out, x) * output, {}};
    if (process.config().head == OutputHead::LearnedVariance)
        estimate.variance = (raw.narrow(1, channels, channels) + 1) / 2;
    return estimate;
}

}  // namespace denoscope
