// SPDX-License-Identifier: GPL-3.0-or-later
// What the constructors of the Python package's networks are called with, as options of ours: every argument
// of every class, with the package's defaults.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <variant>

#include "engine/nets/DdpmPresets.h"
#include "engine/nets/KarrasPlan.h"

namespace denoscope {

// "denoising-diffusion-pytorch 1.8.15" -> GroupNorm. Throws EngineError for anything that is not the package.
PackageGeneration generationOf(const std::string& reference);

// model: "Unet", "Unet1D", "classifier_free_guidance.Unet", "guided_diffusion.Unet", "repaint.Unet",
// "KarrasUnet", "KarrasUnet1D" or "KarrasUnet3D". size: the spatial extents of the data; the Karras classes
// are told theirs and must agree. Throws EngineError naming the class or the argument: unknown, missing, of a
// wrong type, or not to be had in this network.
std::variant<DdpmOptions, KarrasOptions> packageOptions(const std::string& model,
                                                        const nlohmann::json& arguments,
                                                        PackageGeneration generation, const Shape& size);

}  // namespace denoscope
