// SPDX-License-Identifier: GPL-3.0-or-later
// What the trainers of denoising-diffusion-pytorch write as model-N.pt, and the plainer layouts beside it.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "engine/interchange/StateDict.h"
#include "engine/interchange/TorchFile.h"

namespace denoscope {

struct EmaCounters {
    bool initialized = false;  // whether the average has begun
    std::int64_t step = 0;     // updates so far
};

// Moments of Adam, for the parameter of this name; the network's under its own names.
struct AdamMoment {
    StoredTensor average, averageOfSquares;  // exp_avg, exp_avg_sq
    double step = 0;
};
struct AdamState {
    double learningRate = 0, beta1 = 0, beta2 = 0, epsilon = 0, weightDecay = 0;
    std::map<std::string, AdamMoment> moments;  // a parameter that is not trained has none
};

struct TrainerCheckpoint {
    std::string layout;  // "checkpoint of a trainer", "state dict", "state dict of an EMA"
    std::optional<std::int64_t> step;
    std::string version;     // of the package; may be empty
    TensorList online, ema;  // each empty where the file holds none
    std::optional<EmaCounters> counters;
    const PickleDict* adam = nullptr;  // for readAdam
};

// Finds the parts; no weights are read. Throws EngineError naming the keys there are when none of them is
// known.
TrainerCheckpoint readTrainerCheckpoint(TorchFile& file);

// Tells an EMA's state dict, "ema_model." and "online_model.", from a plain one; takes its parts over.
void takeStateDict(const TensorList& tensors, TrainerCheckpoint& target);

// `parts` of the online weights: the i-th of its parameters belongs to the i-th state. Throws EngineError
// where the optimizer is none of Adam's kind or does not fit these parameters.
AdamState readAdam(TorchFile& file, const PickleDict& adam, const StateDictParts& parts);
// Whether the optimizer has a state for this parameter; one that is never trained has none.
bool hasAdamState(const PickleDict& adam, const StateDictParts& parts, const std::string& name);

}  // namespace denoscope
