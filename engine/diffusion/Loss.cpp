// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Loss.h"

#include <ATen/ATen.h>
#include <ATen/autocast_mode.h>
#include <ATen/core/grad_mode.h>

#include "engine/diffusion/Heads.h"
#include "engine/diffusion/Immiscible.h"
#include "engine/diffusion/VariationalBound.h"

namespace denoscope {
namespace {

at::Tensor meanSquare(const at::Tensor& difference) {
    return difference.square().flatten(1).mean(1);
}

struct Noises {
    at::Tensor added, target;  // the same but for a quirk of the package
};

Noises noisesOf(const NoiseConfig& config, const at::Tensor& clean, const LossDraws& draws) {
    at::Tensor noise = draws.noise;
    if (draws.offset.defined() && config.offsetNoise > 0) {
        at::Tensor shared = draws.offset;
        while (shared.dim() < noise.dim())
            shared = shared.unsqueeze(-1);
        noise = noise + config.offsetNoise * shared;
    }
    if (!config.immiscible)
        return {noise, noise};
    const at::Tensor near = nearestNoise(clean, noise);
    return {near, config.immiscibleTarget == Compat::Reference ? noise : near};
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

at::Tensor losses(const Model& model, const at::Tensor& clean, const LossDraws& draws,
                  const at::Tensor& classes) {
    const Process& process = model.process;
    const Noises noise = noisesOf(process.config(), clean, draws);
    const at::Tensor logSnr = process.schedule().logSnr(draws.times);
    const Coefficients c = process.preconditioning().at(logSnr);
    const auto exploding = [&] { return clean + perItem((logSnr / -2).exp(), clean) * noise.added; };

    Network::Inputs inputs;
    inputs.x = perItem(c.in, clean) * clean + perItem(c.inNoise, clean) * noise.added;
    inputs.time = process.conditioning(draws.times, logSnr);
    inputs.classes = classes;
    const auto raw = [&](bool training) {
        return model.network->forward(inputs, training).to(clean.scalar_type());
    };
    if (draws.conditionsOnItself && model.network->conditionsOnItself()) {
        const at::NoGradGuard noGrad;
        inputs.selfCondition = estimateFrom(process, raw(false), exploding(), logSnr).clean;
        at::autocast::clear_cache();  // of weights that were cast without a gradient
    }
    const at::Tensor output = raw(true);
    if (process.config().head == OutputHead::WeightedObjective)
        return weightedObjective(process, output, exploding(), logSnr, clean, noise.target);

    const at::Tensor target = perItem(c.clean, clean) * clean + perItem(c.noise, clean) * noise.target;
    const at::Tensor error = meanSquare(output.narrow(1, 0, clean.size(1)) - target);
    if (process.config().head == OutputHead::LearnedVariance)
        return error + process.config().variationalWeight *
                           variationalBound(estimateFrom(process, output, exploding(), logSnr), clean,
                                            exploding(), draws.times, process.schedule());
    return process.lossWeight(logSnr).to(clean.scalar_type()) * error;
}

}  // namespace denoscope
