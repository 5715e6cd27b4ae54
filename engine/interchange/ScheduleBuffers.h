// SPDX-License-Identifier: GPL-3.0-or-later
// The tables that the package's discrete processes keep beside the network's weights, and what they tell.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/diffusion/BetaSchedule.h"

namespace denoscope {

// "betas", "alphas_cumprod" ...: a value per step, as GaussianDiffusion registers them; without
// "loss_weight".
std::map<std::string, std::vector<double>> scheduleBuffers(const BetaSchedule& schedule);

// "loss_weight" of a discrete process.
std::vector<double> lossWeights(const BetaSchedule& schedule, const NoiseConfig& noise);

// Which schedule these betas are of, within what float32 keeps; none for any other.
std::optional<NoiseShape> shapeOfBetas(const std::vector<double>& betas);

// Which objective, with or without min-SNR, gives these weights; none where no one does.
struct LossTraces {
    Objective objective = Objective::Noise;
    std::optional<double> minSnrGamma;
};
std::optional<LossTraces> tracesOfLoss(const BetaSchedule& schedule, const std::vector<double>& weights);

}  // namespace denoscope
