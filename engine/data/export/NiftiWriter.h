// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/data/export/ItemSource.h"

namespace denoscope {

struct NiftiContent {
    ItemSource items;          // (C, D, H, W), all of one shape and in one place: time points
    double timeStep = 0;       // seconds between them; 0 = unknown
    double low = 0, high = 0;  // what viewers are asked to show; equal = nothing
    // Channels are red, green, blue and perhaps alpha of 8 bits: written as colours, not as vectors.
    bool colours = false;
    // At most 79 characters. Real data that are only converted need another.
    std::string description = "synthetic: Denoscope";
};

// A NIfTI-1 file with the affine as sform, compressed where the path ends in .gz; time points become the
// fourth, channels the fifth dimension or colours. Throws EngineError.
void writeNifti(const NiftiContent& content, const std::string& path);

}  // namespace denoscope
