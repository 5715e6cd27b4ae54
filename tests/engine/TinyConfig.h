// SPDX-License-Identifier: GPL-3.0-or-later
// The smallest configs that still use every part of the engine: labels, dropout, self-conditioning,
// attention.
#pragma once

#include "engine/api/Config.h"
#include "engine/api/Data.h"

namespace denoscope {

inline RunConfig tinyConfig(DataKind kind) {
    RunConfig config;
    const bool signal = kind == DataKind::Signal, volume = kind == DataKind::Volume;
    config.data.source = signal ? "demo:beats" : volume ? "demo:heads" : "demo:shapes";
    config.data.size = signal   ? std::vector<std::int64_t>{32}
                       : volume ? std::vector<std::int64_t>{4, 8, 8}
                                : std::vector<std::int64_t>{8, 8};
    config.data.fit = Fit::Crop;
    ModelConfig& model = config.model;
    model.width = 8;
    model.maxWidth = 16;
    model.downsamples = 1;
    model.blocksPerStage = 1;
    model.attention = {signal ? 16 : 4};
    model.headSize = 8;
    model.memoryTokens = 2;
    model.fourierSize = 8;
    model.dropout = 0.1;
    model.selfCondition = true;
    TrainingConfig& training = config.training;
    training.steps = 8;
    training.batchSize = 4;
    training.warmupSteps = 3;
    training.decaySteps = 4;
    training.emaHalfLife = 5;
    training.labelDropout = 0.3;
    training.previewEvery = 0;
    training.previewCount = 2;
    training.threads = 2;
    config.sampling.steps = 3;
    config.sampling.count = 2;
    return config;
}

}  // namespace denoscope
