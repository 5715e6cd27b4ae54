// SPDX-License-Identifier: GPL-3.0-or-later
#include <libexif/exif-data.h>

#include <algorithm>
#include <array>
#include <memory>

#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

struct Unref {
    void operator()(ExifData* data) const { exif_data_unref(data); }
};

}  // namespace

std::optional<int> exifOrientation(std::string_view exif) {
    if (exif.empty())
        return 1;
    const std::unique_ptr<ExifData, Unref> data(exif_data_new());
    if (!data)
        return 1;
    exif_data_load_data(data.get(), reinterpret_cast<const unsigned char*>(exif.data()),
                        static_cast<unsigned>(exif.size()));
    const auto isEmpty = [](const ExifContent* content) { return !content || content->count == 0; };
    if (std::ranges::all_of(data->ifd, isEmpty))
        return std::nullopt;
    const ExifEntry* entry = exif_content_get_entry(data->ifd[EXIF_IFD_0], EXIF_TAG_ORIENTATION);
    if (!entry || entry->format != EXIF_FORMAT_SHORT || entry->components != 1)
        return 1;
    const int orientation = exif_get_short(entry->data, exif_data_get_byte_order(data.get()));
    return orientation >= 1 && orientation <= 8 ? orientation : 1;
}

Array oriented(Array image, int orientation) {
    if (orientation <= 1 || orientation > 8)
        return image;
    // Where the upright picture's first pixel lies (bottom, right), and whether its rows are stored as
    // columns.
    struct Turn {
        bool columns, bottom, right;
    };
    constexpr std::array<Turn, 7> turns{{{false, false, true},
                                         {false, true, true},
                                         {false, true, false},
                                         {true, false, false},
                                         {true, true, false},
                                         {true, true, true},
                                         {true, false, true}}};
    const Turn turn = turns[static_cast<std::size_t>(orientation - 2)];
    const auto height = static_cast<std::size_t>(image.shape[1]),
               width = static_cast<std::size_t>(image.shape[2]);
    Array result{image.shape, {}};
    if (turn.columns)
        std::swap(result.shape[1], result.shape[2]);
    result.values.reserve(image.values.size());
    for (std::size_t plane = 0; plane < image.values.size(); plane += width * height)
        for (std::int64_t y = 0; y < result.shape[1]; ++y)
            for (std::int64_t x = 0; x < result.shape[2]; ++x) {
                auto row = static_cast<std::size_t>(turn.columns ? x : y),
                     column = static_cast<std::size_t>(turn.columns ? y : x);
                row = turn.bottom ? height - 1 - row : row;
                column = turn.right ? width - 1 - column : column;
                result.values.push_back(image.values[plane + row * width + column]);
            }
    return result;
}

Array separated(std::span<const std::uint8_t> pixels, std::int64_t width, std::int64_t height, int stored) {
    const auto step = static_cast<std::size_t>(stored);
    const std::size_t count = static_cast<std::size_t>(width * height), channels = step >= 3 ? 3 : 1;
    Array image{{static_cast<std::int64_t>(channels), height, width}, std::vector<float>(channels * count)};
    for (std::size_t pixel = 0; pixel < count; ++pixel) {
        const std::uint8_t* samples = pixels.data() + pixel * step;
        const float cover = step > channels ? static_cast<float>(samples[channels]) / 255.0f : 1.0f;
        for (std::size_t channel = 0; channel < channels; ++channel)
            image.values[channel * count + pixel] =
                cover * static_cast<float>(samples[channel]) + (1 - cover) * 255.0f;
    }
    return image;
}

}  // namespace denoscope
