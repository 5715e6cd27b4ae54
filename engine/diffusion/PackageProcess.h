// SPDX-License-Identifier: GPL-3.0-or-later
// What the diffusion classes of the Python package are called with, as settings of ours.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "engine/api/Config.h"
#include "engine/nets/DdpmPresets.h"

namespace denoscope {

struct PackageProcess {
    NoiseConfig noise;
    SamplingConfig sampling;  // what sample() of that class does, started with the steps that it was given
};

// diffusion: "GaussianDiffusion", "GaussianDiffusion1D", "LearnedGaussianDiffusion",
// "WeightedObjectiveGaussianDiffusion", "ContinuousTimeGaussianDiffusion",
// "VParamContinuousTimeGaussianDiffusion" or "ElucidatedDiffusion". Throws EngineError naming the class or
// the argument: unknown, of a wrong type, or not to be had here.
PackageProcess packageProcess(const std::string& diffusion, const nlohmann::json& arguments);

}  // namespace denoscope
