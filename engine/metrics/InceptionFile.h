// SPDX-License-Identifier: GPL-3.0-or-later
// From the person's file of weights and images in their own units to features.
#pragma once

#include <filesystem>

#include "engine/metrics/Inception.h"

namespace denoscope {

// A safetensors file with the names of inceptionShapes(). Throws EngineError that names the file and what is
// wrong with it.
Inception readInception(const std::filesystem::path& path);

// images: (N, C, H, W) in units in which `black` and `white` are what their names say; values beyond are
// clamped. (N, 2048), computed a few images at a time.
at::Tensor inceptionFeatures(const Inception& inception, const at::Tensor& images, double black,
                             double white);

}  // namespace denoscope
