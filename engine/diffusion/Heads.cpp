// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Heads.h"

#include <ATen/ATen.h>

namespace denoscope {
namespace {

at::Tensor cleanFrom(const Process& process, const at::Tensor& prediction, const at::Tensor& x,
                     const at::Tensor& logSnr) {
    const Coefficients c = process.preconditioning().at(logSnr);
    return perItem(c.skip, x) * x + perItem(c.out, x) * prediction;
}

}  // namespace

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
    Estimate estimate{cleanFrom(process, raw.narrow(1, 0, channels), x, logSnr), {}};
    if (process.config().head == OutputHead::LearnedVariance)
        estimate.variance = (raw.narrow(1, channels, channels) + 1) / 2;
    return estimate;
}

Estimate guidedEstimate(const Process& process, const Guidance& guidance, const at::Tensor& conditional,
                        const at::Tensor& unconditional, const at::Tensor& x, const at::Tensor& logSnr) {
    Estimate estimate = estimateFrom(process, conditional, x, logSnr);
    if (process.config().head == OutputHead::WeightedObjective) {
        const Estimate other = estimateFrom(process, unconditional, x, logSnr);
        estimate.clean = guidance.apply(estimate.clean, other.clean);
        return estimate;
    }
    const auto prediction = [&](const at::Tensor& raw) { return raw.narrow(1, 0, x.size(1)); };
    estimate.clean =
        cleanFrom(process, guidance.apply(prediction(conditional), prediction(unconditional)), x, logSnr);
    return estimate;
}

}  // namespace denoscope
