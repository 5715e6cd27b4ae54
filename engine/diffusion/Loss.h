// SPDX-License-Identifier: GPL-3.0-or-later
// The training loss of every process.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/diffusion/Model.h"

namespace denoscope {

// Everything random in one batch; drawn by the caller, so that a loss can be replayed.
struct LossDraws {
    at::Tensor times;   // (B) float64, in the schedule's unit
    at::Tensor noise;   // (B, C, ...) standard normal
    at::Tensor offset;  // (B, C) standard normal, shared by a whole channel; undefined for none
    bool conditionsOnItself =
        false;  // a self-conditioned network sees an estimate of its own (arXiv:2208.04202)
    std::vector<std::uint64_t> dropoutKeys = {};  // B of them (engine/core/Dropout.h)
};

// A batch in which all that its items have to do with each other is done: noises are found (offset added,
// each paired with a near item). What follows treats every row by itself, so that a batch may be computed in
// pieces. Shapes as in LossDraws; classes as in DenoiserOptions.
struct TrainingBatch {
    at::Tensor clean, classes;
    at::Tensor times;
    at::Tensor noise,
        target;  // that is added; that the network shall find. The same but for a quirk of the package
    bool conditionsOnItself = false;
    std::vector<std::uint64_t> dropoutKeys = {};

    std::int64_t size() const { return clean.size(0); }
    TrainingBatch rows(std::int64_t first, std::int64_t count) const;  // views
};
TrainingBatch trainingBatch(const NoiseConfig& noise, const at::Tensor& clean, const LossDraws& draws,
                            const at::Tensor& classes);

// (B): lossWeight |F - F*|^2 averaged over each item, or what the head of the process asks for instead
// (below). clean: (B, C, ...) within -1 .. 1. Records gradients if they are on.
//   Learned variance: the mean squared error of F plus variationalWeight times the variational bound, whose
//   mean is held fixed (arXiv:2102.09672 section 3.1). Weighted objective: the package's own: the error of
//   the mixed estimate plus cleanPartWeight and noisePartWeight times each part's.
// Neither head is weighted by the level: min-SNR is refused with them.
at::Tensor losses(const Model& model, const TrainingBatch& batch);
inline at::Tensor losses(const Model& model, const at::Tensor& clean, const LossDraws& draws,
                         const at::Tensor& classes) {
    return losses(model, trainingBatch(model.process.config(), clean, draws, classes));
}

}  // namespace denoscope
