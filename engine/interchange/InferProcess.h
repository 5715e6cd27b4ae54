// SPDX-License-Identifier: GPL-3.0-or-later
// Which diffusion class of denoising-diffusion-pytorch a network was trained in, and with which arguments.
#pragma once

#include "engine/interchange/InferArguments.h"

namespace denoscope {

// What the file holds beside the network.
struct ProcessTraces {
    std::string prefix;             // of the network's names; empty where the file is the network's alone
    TensorMap schedule;             // "betas", "loss_weight" ...
    std::int64_t learnedWidth = 0;  // hidden units of a learned schedule; 0 where none is learned
};

// Told by the shapes of the parameters beside the network's, "log_snr.*".
std::int64_t learnedWidthOf(const TensorMap& others);

struct InferredProcess {
    std::string diffusion;  // the class, as PackageProcess.h names them
    nlohmann::json args = nlohmann::json::object();
    std::vector<ArgumentQuestion> questions;  // "diffusion" stands for the class itself
};

// `diffusion`: the class that the person named, or empty. `answers` as for inferModel. Throws EngineError
// where the file contradicts them, and for a schedule that no class has.
InferredProcess inferProcess(const InferredModel& network, const ProcessTraces& traces,
                             const std::string& diffusion, const nlohmann::json& answers);

}  // namespace denoscope
