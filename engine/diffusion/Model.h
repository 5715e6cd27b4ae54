// SPDX-License-Identifier: GPL-3.0-or-later
// What is trained: a network and the process that it serves.
#pragma once

#include <memory>
#include <vector>

#include "engine/api/Data.h"
#include "engine/diffusion/Process.h"
#include "engine/nets/Network.h"

namespace denoscope {

struct Model {
    std::unique_ptr<Network> network;
    Process process;

    // The network's, then those of a learned schedule.
    std::vector<Parameter> parameters() const;
};

// The model of a resolved config on data with these facts, as it starts from training.seed.
Model makeModel(const RunConfig& config, const DataFacts& facts);

// (B, classes) float rows; a label of -1 gives a row of zeros ("no class"). Undefined when classes is 0.
at::Tensor oneHot(const std::vector<int>& labels, int classes);

}  // namespace denoscope
