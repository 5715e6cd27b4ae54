// SPDX-License-Identifier: GPL-3.0-or-later
// All that training changes: what a checkpoint holds and a resume needs.
#pragma once

#include <cstdint>
#include <filesystem>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/diffusion/Model.h"
#include "engine/train/Adam.h"
#include "engine/train/PowerEma.h"

namespace denoscope {

struct TrainState {
    Model online;
    Model average;             // moving average of `online`, without gradients
    PowerEma further{{}, {}};  // averages of other widths; empty unless training.ema is power
    Adam adam;                 // of `online`
    std::int64_t step = 0;     // optimiser steps done

    // As it is before the first step of a resolved config on data with these facts.
    TrainState(const RunConfig& config, const DataFacts& facts);
};

// weights.safetensors, ema.safetensors (and ema-WIDTH.safetensors for further averages),
// optimizer.safetensors and state.json in an existing folder. Loading throws EngineError naming the file and
// the tensor that is missing, unexpected or of another shape; the state is then unusable and must be
// discarded.
void saveCheckpoint(TrainState& state, const std::filesystem::path& folder);
void loadCheckpoint(TrainState& state, const std::filesystem::path& folder);

}  // namespace denoscope
