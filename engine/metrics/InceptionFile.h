// SPDX-License-Identifier: GPL-3.0-or-later
// From the person's file of weights and images in their own units to features.
#pragma once

#include <filesystem>

#include "engine/metrics/Inception.h"

namespace denoscope {

// A state dict with the names of inceptionShapes(), as torch.save of PyTorch 1.6 and later or safetensors
// keep it (an older file is refused with the line of Python that converts it). Throws EngineError that says
// what is wrong with it.
Inception readInception(const std::filesystem::path& path);

// images: (N, C, H, W) in units in which `black` and `white` are what their names say; values beyond are
// clamped. (N, 2048), computed a few images at a time.
at::Tensor inceptionFeatures(const Inception& inception, const at::Tensor& images, double black,
                             double white);

}  // namespace denoscope
