// SPDX-License-Identifier: GPL-3.0-or-later
// The plain tensor that crosses layers: float32, row-major, immutable once shared.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace denoscope {

// Extents, outermost first. An item is (C, L), (C, H, W) or (C, D, H, W): channels, then the spatial extents.
using Shape = std::vector<std::int64_t>;

// Product of the extents; 1 for an empty shape. Throws EngineError when an extent is negative or the product
// does not fit, so that a hostile header can never wrap around.
std::int64_t elementCount(const Shape& shape);

// "3 x 64 x 64"
std::string toText(const Shape& shape);

struct Array {
    Shape shape;
    std::vector<float> values;  // elementCount(shape) of them
};
using ArrayPtr = std::shared_ptr<const Array>;

// How the samples of an item lie in the world.
struct Geometry {
    double sampleRate = 0;                   // Hz for signals; 0 = unknown
    std::array<double, 3> spacing{1, 1, 1};  // mm along W (i), H (j), D (k) for volumes
    // Row-major 4x4: voxel (i, j, k, 1) -> RAS+ millimetres, i along W, j along H, k along D.
    std::array<double, 16> affine{1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};

    bool operator==(const Geometry&) const = default;
};

// One signal, image or volume in the units of its source (amplitude, grey value, HU ...).
struct Item {
    ArrayPtr array;    // (C, L), (C, H, W) or (C, D, H, W)
    int label = -1;    // index into DataFacts::labels; -1 = none
    std::string name;  // file name, "item 17", ...
    Geometry geometry;
};

}  // namespace denoscope
