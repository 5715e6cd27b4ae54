// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/DdpmPresets.h"

namespace denoscope {

DdpmOptions packageUnet(PackageGeneration generation) {
    DdpmOptions options;
    if (generation == PackageGeneration::GroupNorm) {
        options.norm = DdpmNorm::Group;
        options.memoryTokens = 0;
    }
    return options;
}

DdpmOptions packageUnet1d(PackageGeneration generation) {
    DdpmOptions options = packageUnet(generation);
    options.downsampling = DdpmDownsampling::Strided;
    options.attentionNames = AttentionNames::Wrapped;
    options.memoryTokens = 0;
    options.stageAttention = {DdpmAttention{}};  // the package hands its head settings to the middle alone
    return options;
}

DdpmOptions packageClassUnet(PackageGeneration generation) {
    return packageUnet1d(generation);
}

DdpmOptions packageGuidedUnet(PackageGeneration generation) {
    DdpmOptions options = packageUnet1d(generation);
    options.downsampling = DdpmDownsampling::SpaceToDepth;
    options.rmsScale = RmsScale::LastExtent;
    return options;
}

DdpmOptions packageVariant(DdpmVariant variant, DdpmNorm norm) {
    const auto generation =
        norm == DdpmNorm::Group ? PackageGeneration::GroupNorm : PackageGeneration::RmsNorm;
    switch (variant) {
        case DdpmVariant::Unet1d:
            return packageUnet1d(generation);
        case DdpmVariant::ClassUnet:
            return packageClassUnet(generation);
        case DdpmVariant::GuidedUnet:
            return packageGuidedUnet(generation);
        default:
            return packageUnet(generation);
    }
}

}  // namespace denoscope
