// SPDX-License-Identifier: GPL-3.0-or-later
// Which class of denoising-diffusion-pytorch a set of weights belongs to, and with which arguments it was
// made.
#pragma once

#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "engine/api/Array.h"
#include "engine/interchange/WeightsFile.h"

namespace denoscope {

// What names and shapes do not tell.
struct ArgumentQuestion {
    std::string argument;     // its name in Python
    std::string sentence;     // for a form or the command line
    nlohmann::json fallback;  // null: there is no sensible one, it must be answered
};

struct InferredModel {
    // "Unet" (repaint's has the same names), "Unet1D", "classifier_free_guidance.Unet",
    // "guided_diffusion.Unet", "KarrasUnet", "KarrasUnet1D", "KarrasUnet3D"; "Unet3D" for ours, which the
    // package does not have.
    std::string model;
    nlohmann::json args = nlohmann::json::object();  // certain, or answered
    std::vector<ArgumentQuestion> questions;         // what is still open
    // Of the classic networks: group norm is that of the package's 1.x, RMS norm that of 2.x.
    bool hasGroupNorm = false, hasMemoryKeyValues = false;
};

// `shapes` under the network's own names. `answers` are arguments that the person gave: they settle what is
// open, and an unknown one or one that the weights contradict throws EngineError, as do weights of no class
// that is known.
InferredModel inferModel(const std::map<std::string, Shape>& shapes,
                         const nlohmann::json& answers = nlohmann::json::object());
// Asks the optimizer too, which knows what is trained.
InferredModel inferModel(const WeightsFile& file, WeightsChoice choice,
                         const nlohmann::json& answers = nlohmann::json::object());

// With the fallbacks for all that is open. Throws EngineError with the question that has none.
InferredModel inferModelWithFallbacks(const std::map<std::string, Shape>& shapes, nlohmann::json answers);

}  // namespace denoscope
