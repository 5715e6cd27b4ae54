// SPDX-License-Identifier: GPL-3.0-or-later
// What the UNet classes of the Python package build when they are given nothing: the options by which one
// network is each of them. Size, channels, classes and widths remain to be set.
#pragma once

#include "engine/nets/DdpmPlan.h"

namespace denoscope {

enum class PackageGeneration {
    GroupNorm,  // 1.8.x: group norm in blocks, no memory key/values
    RmsNorm     // 2.x
};

DdpmOptions packageUnet(PackageGeneration generation);        // Unet, and repaint's; also for volumes
DdpmOptions packageUnet1d(PackageGeneration generation);      // Unet1D
DdpmOptions packageClassUnet(PackageGeneration generation);   // classifier_free_guidance.Unet
DdpmOptions packageGuidedUnet(PackageGeneration generation);  // guided_diffusion.Unet

// The one that `variant` and `norm` of the settings name.
DdpmOptions packageVariant(DdpmVariant variant, DdpmNorm norm);

}  // namespace denoscope
