// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <span>

#include "engine/data/formats/Damage.h"
#include "engine/data/formats/DicomImage.h"

namespace denoscope {

struct PixelBox {
    std::int64_t top = 0, left = 0, height = 0, width = 0;
};

// The real values of a piece of one frame: height * width of the first channel at the start of `target`, of
// the others (colours as red, green, blue) each `channelStep` values later. Of an uncompressed frame only the
// rows asked for are read from the file. Adds to `damage` what is wrong but touches no value.
void readDicomPixels(const DicomImage& image, std::int64_t frame, const PixelBox& box,
                     std::span<float> target, std::size_t channelStep, Damage& damage);

// MONOCHROME1, where the lowest value is white, is turned over, so that more is brighter as everywhere else:
// a value v becomes the returned sum - v. Only where the values have no unit.
bool isTurnedOver(const DicomImage& image);
double turnedOverSum(const DicomImage& image, const DicomFrame& frame);

}  // namespace denoscope
