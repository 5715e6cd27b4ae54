// SPDX-License-Identifier: GPL-3.0-or-later
// The readers of single picture formats; ImageFormat chooses among them by a file's content. All throw
// EngineError for files that are not what they claim, before anything is allocated that the file cannot fill.
// Arrays are (C, H, W), upright, with the values as stored: 0 .. 255 or 0 .. 65535 where they are grey
// levels.
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/api/Array.h"
#include "engine/data/formats/Damage.h"

namespace denoscope {

struct ImageHeader {
    std::int64_t width = 0, height = 0;
    int channels = 0;          // 1 or 3, after palettes are looked up and transparency is gone
    int bits = 8;              // 8 or 16
    bool transparent = false;  // shown on white
    int orientation = 1;       // of the rows in the file, 1 to 8 as in EXIF; width and height are those of
                               // the rows, which from 5 on are the columns of the upright picture
    std::int64_t pages = 1;    // pictures alike in one file
    std::string dtype;         // empty: unsigned of so many bits
    std::vector<std::string> notes;
    Damage damage;
};

ImageHeader inspectPng(const std::filesystem::path& path);
Reading readPng(const std::filesystem::path& path);
// `channels` 1 or 3, interleaved rows; samples of 8 bits, or of 16 with the higher byte first.
std::string encodePng(const std::vector<std::uint8_t>& pixels, std::int64_t width, std::int64_t height,
                      int channels, int bits = 8);

ImageHeader inspectJpeg(const std::filesystem::path& path);
Reading readJpeg(const std::filesystem::path& path);
// Of EXIF data, which begin with exifStart; 1 where they or a lack of them say nothing, empty where they
// cannot be read.
constexpr std::string_view exifStart("Exif\0\0", 6);
std::optional<int> exifOrientation(std::string_view exif);

ImageHeader inspectTiff(const std::filesystem::path& path);
Reading readTiff(const std::filesystem::path& path, std::int64_t page);

ImageHeader inspectWebp(const std::filesystem::path& path);
Reading readWebp(const std::filesystem::path& path);

// `name` is for messages.
ImageHeader inspectBmp(std::span<const std::byte> bytes, const std::string& name);
Reading readBmp(std::span<const std::byte> bytes, const std::string& name);
ImageHeader inspectPnm(std::span<const std::byte> bytes, const std::string& name);
Reading readPnm(std::span<const std::byte> bytes, const std::string& name);

// Interleaved 8-bit samples, `stored` a pixel of which the first 1 or 3 are colours and the next, where there
// is one, is the cover, as (C, H, W) on white.
Array separated(std::span<const std::uint8_t> pixels, std::int64_t width, std::int64_t height, int stored);

// Turned and mirrored upright.
Array oriented(Array image, int orientation);

}  // namespace denoscope
