// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Loss.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>

#include "engine/core/Dropout.h"
#include "engine/diffusion/Heads.h"
#include "engine/diffusion/Immiscible.h"
#include "engine/diffusion/VariationalBound.h"

namespace denoscope {
namespace {

at::Tensor meanSquare(const at::Tensor& difference) {
    return difference.square().flatten(1).mean(1);
}

at::Tensor perChannel(at::Tensor values, const at::Tensor& like) {
    while (values.dim() < like.dim())
        values = values.unsqueeze(-1);
    return values;
}

at::Tensor weightedObjective(const Process& process, const at::Tensor& raw, const at::Tensor& x,
                             const at::Tensor& logSnr, const at::Tensor& clean, const at::Tensor& noise) {
    const TwoEstimates two = splitWeighted(raw, clean.size(1));
    const Estimate mixed = estimateFrom(process, raw, x, logSnr, true);
    return meanSquare(mixed.clean - clean) +
           process.config().cleanPartWeight * meanSquare(two.clean - clean) +
           process.config().noisePartWeight * meanSquare(two.noise - noise);
}

}  // namespace

TrainingBatch TrainingBatch::rows(std::int64_t first, std::int64_t count) const {
    const auto part = [&](const at::Tensor& tensor) {
        return tensor.defined() ? tensor.narrow(0, first, count) : tensor;
    };
    TrainingBatch piece{part(clean), part(classes), part(times),
                        part(noise), part(target),  conditionsOnItself};
    if (!dropoutKeys.empty())
        piece.dropoutKeys.assign(dropoutKeys.begin() + first, dropoutKeys.begin() + first + count);
    return piece;
}

TrainingBatch trainingBatch(const NoiseConfig& config, const at::Tensor& clean, const LossDraws& draws,
                            const at::Tensor& classes) {
    at::Tensor noise = draws.noise;
    if (draws.offset.defined() && config.offsetNoise > 0)
        noise = noise + config.offsetNoise * perChannel(draws.offset, noise);
    const at::Tensor added = config.immiscible ? nearestNoise(clean, noise) : noise;
    const bool quirk = config.immiscible && config.immiscibleTarget == Compat::Reference;
    return {clean,
            classes,
            draws.times,
            added,
            quirk ? noise : added,
            draws.conditionsOnItself,
            draws.dropoutKeys};
}

at::Tensor losses(const Model& model, const TrainingBatch& batch) {
    const Process& process = model.process;
    const at::Tensor& clean = batch.clean;
    const at::Tensor logSnr = process.schedule().logSnr(batch.times);
    const Coefficients c = process.preconditioning().at(logSnr);
    const auto exploding = [&] { return clean + perItem((logSnr / -2).exp(), clean) * batch.noise; };

    Network::Inputs inputs;
    inputs.x = perItem(c.in, clean) * clean + perItem(c.inNoise, clean) * batch.noise;
    inputs.time = process.conditioning(batch.times, logSnr);
    inputs.classes = batch.classes;
    const auto raw = [&](bool training) {
        return model.network->forward(inputs, training).to(clean.scalar_type());
    };
    if (batch.conditionsOnItself && model.network->conditionsOnItself()) {
        const at::NoGradGuard noGrad;
        inputs.selfCondition = estimateFrom(process, raw(false), exploding(), logSnr).clean;
        at::autocast::clear_cache();  // of weights that were cast without a gradient
    }
    const DropoutScope dropout(batch.dropoutKeys);
    const at::Tensor output = raw(true);
    if (process.config().head == OutputHead::WeightedObjective)
        return weightedObjective(process, output, exploding(), logSnr, clean, batch.target);

    const at::Tensor target = perItem(c.clean, clean) * clean + perItem(c.noise, clean) * batch.target;
    const at::Tensor error = meanSquare(output.narrow(1, 0, clean.size(1)) - target);
    if (process.config().head == OutputHead::LearnedVariance)
        return error + process.config().variationalWeight *
                           variationalBound(estimateFrom(process, output, exploding(), logSnr), clean,
                                            exploding(), batch.times, process.schedule());
    return process.lossWeight(logSnr).to(clean.scalar_type()) * error;
}

}  // namespace denoscope
