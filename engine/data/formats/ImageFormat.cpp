// SPDX-License-Identifier: GPL-3.0-or-later
#include <array>

#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

// By content: pictures often carry the wrong ending.
bool isJpeg(const std::filesystem::path& path) {
    std::array<std::byte, 2> magic{};
    if (fileSize(path) < magic.size())
        throw EngineError("is empty", path.string(), "remove this file or export it again");
    openBytes(path)->read(0, magic);
    return magic[0] == std::byte{0xff} && magic[1] == std::byte{0xd8};
}

class ImageFormat : public Format {
public:
    std::string name() const override { return "PNG/JPEG"; }

    ItemHeader inspect(const std::filesystem::path& path) const override {
        const ImageHeader image = isJpeg(path) ? inspectJpeg(path) : inspectPng(path);
        ItemHeader header;
        header.kind = DataKind::Image;
        header.shape = {image.channels, image.height, image.width};
        header.dtype = image.bits == 16 ? "uint16" : "uint8";
        if (image.transparent)
            header.notes.emplace_back("Transparent pictures are laid on white.");
        return header;
    }

    Array read(const std::filesystem::path& path, std::int64_t, const Shape& start,
               const Shape& size) const override {
        Array whole = isJpeg(path) ? readJpeg(path) : readPng(path);
        return spatialExtents(whole.shape) == size ? whole : cutOut(whole, start, size, 0);
    }
};

}  // namespace

std::unique_ptr<Format> imageFormat() {
    return std::make_unique<ImageFormat>();
}

}  // namespace denoscope
