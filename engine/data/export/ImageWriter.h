// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

#include "engine/api/Array.h"

namespace denoscope {

// How values become grey levels: 0 .. 2^bits - 1.
struct GreyLevels {
    int bits = 8;                // 8 or 16
    double low = 0, high = 255;  // the values that become black and white; what lies beyond is clipped
};

// A (C, H, W) image as PNG: the first three channels as colours, of fewer the first as grey.
void writePng(const Array& image, const GreyLevels& levels, const std::string& path);

// Slice D / 2 of a (C, D, H, W) volume as (C, H, W), the front up as in PictureGrid.h.
Array middleSlice(const Item& volume);

}  // namespace denoscope
