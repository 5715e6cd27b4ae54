// SPDX-License-Identifier: GPL-3.0-or-later
// The convolutions of Inception v3 (Szegedy et al. 2016, arXiv:1512.00567, table 1), under the names that
// torchvision and pytorch-fid give them.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

// Without bias, followed by batch normalisation (epsilon 0.001) and ReLU.
struct InceptionConvolution {
    std::string name;  // "Mixed_5b.branch5x5_1"
    std::int64_t in, out;
    std::int64_t height, width;  // of the kernel
    std::int64_t stride = 1;
    std::int64_t padHeight = 0, padWidth = 0;
};

const std::vector<InceptionConvolution>& inceptionConvolutions();

// Every tensor that computing features needs: NAME.conv.weight and NAME.bn.weight, .bias, .running_mean,
// .running_var. The classifier (fc.*, 2048 x 1008 and 1008) is not among them.
std::map<std::string, Shape> inceptionShapes();

}  // namespace denoscope
