// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/ImageWriter.h"

#include <cmath>
#include <vector>

#include "engine/core/Files.h"
#include "engine/data/export/Numbers.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {

void writePng(const Array& image, const GreyLevels& levels, const std::string& path) {
    const std::size_t channels = image.shape[0] >= 3 ? 3 : 1,
                      plane = static_cast<std::size_t>(image.shape[1] * image.shape[2]);
    const double most = std::ldexp(1.0, levels.bits) - 1;
    std::vector<std::uint8_t> bytes;
    bytes.reserve(plane * channels * static_cast<std::size_t>(levels.bits / 8));
    for (std::size_t pixel = 0; pixel < plane; ++pixel)
        for (std::size_t channel = 0; channel < channels; ++channel) {
            const double share = shareOf(image.values[channel * plane + pixel], levels.low, levels.high);
            const auto level = static_cast<unsigned>(std::lround(share * most));
            if (levels.bits == 16)
                bytes.push_back(static_cast<std::uint8_t>(level >> 8));
            bytes.push_back(static_cast<std::uint8_t>(level & 0xff));
        }
    writeFileAtomically(
        path, encodePng(bytes, image.shape[2], image.shape[1], static_cast<int>(channels), levels.bits));
}

Array middleSlice(const Item& volume) {
    const Shape& shape = volume.array->shape;
    const std::int64_t width = shape[3], height = shape[2], middle = shape[1] / 2;
    const bool upright = volume.geometry.affine[5] > 0;  // rows go from back to front
    Array slice{{shape[0], height, width}, {}};
    slice.values.reserve(static_cast<std::size_t>(elementCount(slice.shape)));
    for (std::int64_t c = 0; c < shape[0]; ++c)
        for (std::int64_t y = 0; y < height; ++y) {
            const std::int64_t row = upright ? height - 1 - y : y;
            const auto from = volume.array->values.begin() + ((c * shape[1] + middle) * height + row) * width;
            slice.values.insert(slice.values.end(), from, from + width);
        }
    return slice;
}

}  // namespace denoscope
