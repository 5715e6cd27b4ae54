// SPDX-License-Identifier: GPL-3.0-or-later
// How far generated items are from real ones, in all the ways that make sense for their kind.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/Array.h"
#include "engine/metrics/Bootstrap.h"

namespace denoscope {

struct EvaluateOptions {
    std::uint64_t seed = 0;
    std::int64_t resamples = 200;  // of the bootstrap
    int threads = 0;               // LibTorch's, for the whole process; 0 = as they are
    // Weights of Inception v3 (see Inception.h): adds FID and KID for images. Empty = without.
    std::string inceptionFile;
    double black = 0, white = 255;  // the values that Inception sees as black and white
};

// Real and generated items, in the same units, all of one shape (C, L), (C, H, W) or (C, D, H, W); at least 2
// of each. A pure function of its arguments. Values are first brought to mean 0 and deviation 1 by one map,
// that of the real set as a whole, so that the distances do not depend on units.
//
// All kinds:  Frechet distance of local means (Features.h), sliced Wasserstein distance and MMD^2 with two
//             kernels of all values (MMD^2 of at most 1000 items each).
// Signals:    autocorrelation distance (lags up to half the length, at most 256), Welch spectrum distance.
// Images, volumes: radial spectrum distance.
// Images with inceptionFile: FID and KID.
// Where the longest extent is below 4 there are no spectra.
//
// Throws EngineError, naming the item where it is one: too few, another shape (both are told), a value that
// is not finite; a weights file that cannot be used, or one for what is no image.
std::vector<Measured> evaluate(const std::vector<Item>& real, const std::vector<Item>& generated,
                               const EvaluateOptions& options);

// How many items of that shape evaluate() can take from each set within about 2 GiB; at least 2.
std::int64_t mostItems(const Shape& itemShape);

}  // namespace denoscope
