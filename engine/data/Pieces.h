// SPDX-License-Identifier: GPL-3.0-or-later
// Cutting, padding and scaling of (C, ...) arrays. `start` and `size` count spatial extents only.
#pragma once

#include <string>

#include "engine/api/Array.h"
#include "engine/api/Config.h"
#include "engine/api/OwnSize.h"

namespace denoscope {

Shape withChannels(std::int64_t channels, const Shape& spatial);  // (C, ...spatial)

// [start, start + size) of every channel; places outside the array get `fill`, so this pads as well.
Array cutOut(const Array& array, const Shape& start, const Shape& size, float fill);

// Each pixel is the mean of the area it covers, which cannot alias; enlarging blends the nearest pixels.
Array resampleArea(const Array& image, std::int64_t height, std::int64_t width);

// Where an image of `own` extents lies under the network's {H, W}: to which size it is scaled, and where the
// piece starts in it (negative: so much is padded before it). Fit::Exact neither scales nor moves.
struct ImagePlacement {
    Shape scaled, start;
};
ImagePlacement placeImage(const Shape& own, const Shape& size, Fit fit);

// An image brought to {H, W} as Dataset::draw describes. `name` is for the message of a misfit.
Array fitImage(const Array& image, const Shape& size, Fit fit, float fill, const std::string& name);

// A patch of a volume lies elsewhere in the world than the volume's first voxel.
Geometry movedBy(Geometry geometry, const Shape& start);

// How an image lies whose pixels were scaled and cut; where nothing is known of that, nothing is afterwards.
Geometry placedBy(const ImagePlacement& placement, Geometry geometry, const Shape& own);

// How items of the network's size lie: as the first of the data would.
Geometry networkGeometry(const DataFacts& facts, const DataConfig& data);

// Throws EngineError naming the first NaN or infinity and its position.
void requireFinite(const Array& array, const std::string& name);

}  // namespace denoscope
