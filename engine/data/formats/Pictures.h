// SPDX-License-Identifier: GPL-3.0-or-later
// The two picture formats; both throw EngineError for files that are not what they claim.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

struct ImageHeader {
    std::int64_t width = 0, height = 0;
    int channels = 0;          // 1 or 3, after palettes are looked up and transparency is gone
    int bits = 8;              // 8 or 16
    bool transparent = false;  // shown on white
};

ImageHeader inspectPng(const std::filesystem::path& path);
Array readPng(const std::filesystem::path& path);  // (C, H, W), grey values 0 .. 255 or 0 .. 65535
// 8-bit, `channels` 1 or 3, interleaved rows.
std::string encodePng(const std::vector<std::uint8_t>& pixels, std::int64_t width, std::int64_t height,
                      int channels);

ImageHeader inspectJpeg(const std::filesystem::path& path);
Array readJpeg(const std::filesystem::path& path);

}  // namespace denoscope
