// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <array>
#include <string_view>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/Pieces.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

constexpr std::size_t largestFile = std::size_t{1} << 31;

// A reader of bytes for the small formats, which are read at once.
template <auto function>
auto fromBytes(const fs::path& path) {
    const std::string bytes = readFile(path, largestFile);
    return function(std::as_bytes(std::span(bytes)), path.string());
}

template <auto function>
Reading onlyPage(const fs::path& path, std::int64_t) {
    return function(path);
}

struct Reader {
    std::string_view begin;
    std::size_t at;           // where a second mark stands
    std::string_view second;  // may be empty
    ImageHeader (*inspect)(const fs::path&);
    Reading (*read)(const fs::path&, std::int64_t page);
};

// By content: pictures often carry the wrong ending.
constexpr std::array readers{
    Reader{"\x89PNG", 0, "", inspectPng, onlyPage<readPng>},
    Reader{"\xff\xd8", 0, "", inspectJpeg, onlyPage<readJpeg>},
    Reader{std::string_view("II*\0", 4), 0, "", inspectTiff, readTiff},
    Reader{std::string_view("MM\0*", 4), 0, "", inspectTiff, readTiff},
    Reader{std::string_view("II+\0", 4), 0, "", inspectTiff, readTiff},
    Reader{std::string_view("MM\0+", 4), 0, "", inspectTiff, readTiff},
    Reader{"RIFF", 8, "WEBP", inspectWebp, onlyPage<readWebp>},
    Reader{"BM", 0, "", fromBytes<inspectBmp>, onlyPage<fromBytes<readBmp>>},
    Reader{"P1", 0, "", fromBytes<inspectPnm>, onlyPage<fromBytes<readPnm>>},
    Reader{"P2", 0, "", fromBytes<inspectPnm>, onlyPage<fromBytes<readPnm>>},
    Reader{"P3", 0, "", fromBytes<inspectPnm>, onlyPage<fromBytes<readPnm>>},
    Reader{"P4", 0, "", fromBytes<inspectPnm>, onlyPage<fromBytes<readPnm>>},
    Reader{"P5", 0, "", fromBytes<inspectPnm>, onlyPage<fromBytes<readPnm>>},
    Reader{"P6", 0, "", fromBytes<inspectPnm>, onlyPage<fromBytes<readPnm>>},
};

const Reader& readerOf(const fs::path& path) {
    const std::uint64_t size = fileSize(path);
    if (size == 0)
        throw EngineError("is empty", path.string(), "remove this file or export it again");
    std::string begin(static_cast<std::size_t>(std::min<std::uint64_t>(size, 12)), '\0');
    openBytes(path)->read(0, std::as_writable_bytes(std::span(begin)));
    const auto found = std::ranges::find_if(readers, [&](const Reader& reader) {
        return begin.starts_with(reader.begin) &&
               std::string_view(begin).substr(std::min(reader.at, begin.size())).starts_with(reader.second);
    });
    if (found == readers.end())
        throw EngineError(begin.starts_with("GIF8") ? "is a GIF picture" : "is no picture of a known kind",
                          path.string(),
                          "convert it to PNG; JPEG, TIFF, BMP, WebP, PGM and PPM are read as well");
    return *found;
}

class ImageFormat : public Format {
public:
    std::string name() const override { return "image"; }

    ItemHeader inspect(const fs::path& path) const override {
        const ImageHeader image = readerOf(path).inspect(path);
        ItemHeader header;
        header.kind = DataKind::Image;
        header.count = image.pages;
        header.shape = {image.channels, image.height, image.width};
        if (image.orientation > 4)
            std::swap(header.shape[1], header.shape[2]);
        header.dtype = !image.dtype.empty() ? image.dtype : image.bits == 16 ? "uint16" : "uint8";
        header.notes = image.notes;
        header.damage = image.damage;
        if (image.transparent)
            header.notes.emplace_back("Transparent pictures are laid on white.");
        if (image.orientation != 1)
            header.notes.emplace_back("Pictures are turned upright as their files say.");
        return header;
    }

    Reading read(const fs::path& path, std::int64_t index, const Shape& start,
                 const Shape& size) const override {
        Reading whole = readerOf(path).read(path, index);
        if (spatialExtents(whole.array.shape) != size)
            whole.array = cutOut(whole.array, start, size, 0);
        return whole;
    }
};

}  // namespace

std::unique_ptr<Format> imageFormat() {
    return std::make_unique<ImageFormat>();
}

}  // namespace denoscope
