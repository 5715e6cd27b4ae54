// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

// Interleaved 8-bit rows, red, green, blue.
struct RgbPicture {
    std::int64_t width = 0, height = 0;
    std::vector<std::uint8_t> pixels;
};

// All items, which share one shape, side by side: images as they are, volumes by their middle axial slice
// (seen from the feet, front up), signals as plotted lines. low..high is shown from black to white.
RgbPicture gridOf(const std::vector<Item>& items, double low, double high);
std::string encodeGrid(const std::vector<Item>& items, double low, double high);  // as a PNG

// Slice `k` along the depth of a volume, in the same way; 0 <= k < D.
RgbPicture slicePicture(const Item& volume, std::int64_t k, double low, double high);

}  // namespace denoscope
