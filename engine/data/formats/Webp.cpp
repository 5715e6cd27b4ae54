// SPDX-License-Identifier: GPL-3.0-or-later
#include <webp/decode.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

constexpr std::size_t largestFile = std::size_t{1} << 30;
constexpr std::uint64_t usualHeader = 4096;  // ample: the size stands in the first 30 bytes

[[noreturn]] void fail(const std::filesystem::path& path) {
    throw EngineError("cannot be read as a WebP picture", path.string(),
                      "the file is damaged or cut short; copy or export it again");
}

const std::uint8_t* dataOf(const std::string& bytes) {
    return reinterpret_cast<const std::uint8_t*>(bytes.data());
}

WebPBitstreamFeatures featuresOf(const std::string& bytes, const std::filesystem::path& path) {
    WebPBitstreamFeatures features{};
    if (WebPGetFeatures(dataOf(bytes), bytes.size(), &features) != VP8_STATUS_OK)
        fail(path);
    if (features.has_animation != 0)
        throw EngineError("is a film, not a picture", path.string(),
                          "export its pictures one by one, as PNG");
    return features;
}

}  // namespace

ImageHeader inspectWebp(const std::filesystem::path& path) {
    std::string start(static_cast<std::size_t>(std::min(fileSize(path), usualHeader)), '\0');
    openBytes(path)->read(0, std::as_writable_bytes(std::span(start)));
    const WebPBitstreamFeatures features = featuresOf(start, path);
    ImageHeader header;
    header.width = features.width;
    header.height = features.height;
    header.channels = 3;
    header.transparent = features.has_alpha != 0;
    return header;
}

Reading readWebp(const std::filesystem::path& path) {
    const std::string bytes = readFile(path, largestFile);
    const WebPBitstreamFeatures features = featuresOf(bytes, path);
    const int stored = features.has_alpha != 0 ? 4 : 3;
    const int row = features.width * stored;
    std::vector<std::uint8_t> pixels(static_cast<std::size_t>(row) *
                                     static_cast<std::size_t>(features.height));
    const auto decode = stored == 4 ? WebPDecodeRGBAInto : WebPDecodeRGBInto;
    if (!decode(dataOf(bytes), bytes.size(), pixels.data(), pixels.size(), row))
        fail(path);
    return {separated(pixels, features.width, features.height, stored)};
}

}  // namespace denoscope
