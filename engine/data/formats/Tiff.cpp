// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <tiffio.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <string_view>
#include <utility>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/LibraryReason.h"
#include "engine/data/formats/Pictures.h"
#include "engine/data/formats/RawArray.h"

namespace denoscope {
namespace {

constexpr std::int64_t mostPages = 65535;
constexpr std::uint64_t largestTile = std::uint64_t{256} << 20;  // bytes

// What a page is before its pixels are read.
struct Page {
    std::uint32_t width = 0, height = 0;
    std::uint16_t bits = 1, samples = 1, format = SAMPLEFORMAT_UINT, photometric = 0,
                  planes = PLANARCONFIG_CONTIG, compression = COMPRESSION_NONE, orientation = 1, extra = 0,
                  extraKind = 0;
    ScalarType type;      // of the values that are given out
    bool direct = false;  // the samples are grey levels or colours as they are stored
    int channels = 1;
    bool covered = false;  // the sample after the colours is a cover

    bool alike(const Page& other) const {
        return width == other.width && height == other.height && channels == other.channels &&
               type == other.type;
    }
};

class TiffFile {
public:
    explicit TiffFile(const std::filesystem::path& path) : m_name(path.string()), m_bytes(fileSize(path)) {
        const std::unique_ptr<TIFFOpenOptions, decltype(&TIFFOpenOptionsFree)> options(TIFFOpenOptionsAlloc(),
                                                                                       TIFFOpenOptionsFree);
        TIFFOpenOptionsSetMaxSingleMemAlloc(options.get(), largestTile);
        TIFFOpenOptionsSetErrorHandlerExtR(options.get(), keepMessage, this);
        TIFFOpenOptionsSetWarningHandlerExtR(options.get(), keepWarning, this);
        m_file.reset(TIFFOpenExt(path.c_str(), "rm", options.get()));
        if (!m_file)
            fail();
    }

    bool next() { return TIFFReadDirectory(m_file.get()) != 0; }
    void go(std::int64_t page) {
        if (TIFFSetDirectory(m_file.get(), static_cast<tdir_t>(page)) == 0)
            fail();
    }

    Page page() const {
        Page page;
        TIFF* file = m_file.get();
        if (TIFFGetField(file, TIFFTAG_IMAGEWIDTH, &page.width) == 0 ||
            TIFFGetField(file, TIFFTAG_IMAGELENGTH, &page.height) == 0 || page.width == 0 || page.height == 0)
            refuse("has no pixels", "export it again");
        TIFFGetFieldDefaulted(file, TIFFTAG_BITSPERSAMPLE, &page.bits);
        TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLESPERPIXEL, &page.samples);
        TIFFGetFieldDefaulted(file, TIFFTAG_SAMPLEFORMAT, &page.format);
        TIFFGetFieldDefaulted(file, TIFFTAG_PLANARCONFIG, &page.planes);
        TIFFGetFieldDefaulted(file, TIFFTAG_COMPRESSION, &page.compression);
        TIFFGetFieldDefaulted(file, TIFFTAG_ORIENTATION, &page.orientation);
        if (TIFFGetField(file, TIFFTAG_PHOTOMETRIC, &page.photometric) == 0)
            page.photometric = page.samples >= 3 ? PHOTOMETRIC_RGB : PHOTOMETRIC_MINISBLACK;
        const std::uint16_t* kinds = nullptr;
        TIFFGetFieldDefaulted(file, TIFFTAG_EXTRASAMPLES, &page.extra, &kinds);
        page.extraKind = page.extra > 0 ? kinds[0] : 0;
        interpret(page);
        requireBytes(page);
        return page;
    }

    // Codecs warn of pixels that they had to guess; all other warnings are of the tags.
    Reading read(const Page& page) {
        const Damage before = std::exchange(m_damage, {});
        Reading reading{page.direct ? readDirect(page) : readColours(page), before};
        if (!m_damage.empty())
            refuse("cannot be read as a TIFF picture: " + m_damage.front(),
                   "the file is damaged or cut short; copy or export it again");
        return reading;
    }

    const Damage& damage() const { return m_damage; }

private:
    static std::string messageOf(const char* text, va_list values) {
        std::array<char, 160> message{};
        std::vsnprintf(message.data(), message.size(), text, values);
        return message.data();
    }
    static int keepMessage(TIFF*, void* self, const char*, const char* text, va_list values) {
        static_cast<TiffFile*>(self)->m_message = messageOf(text, values);
        return 1;
    }
    static int keepWarning(TIFF*, void* self, const char*, const char* text, va_list values) {
        // Of tags that others use among themselves.
        if (!std::string_view(text).starts_with("Unknown field with tag"))
            addDamage(static_cast<TiffFile*>(self)->m_damage, quoted("libtiff", messageOf(text, values)));
        return 1;
    }

    [[noreturn]] void refuse(const std::string& what, const std::string& remedy) const {
        throw EngineError(what, m_name, remedy);
    }
    [[noreturn]] void fail() const {
        refuse("cannot be read as a TIFF picture" + librarySays("libtiff", m_message),
               "the file is damaged or cut short; copy or export it again");
    }

    void interpret(Page& page) const {
        const bool grey =
            page.photometric == PHOTOMETRIC_MINISBLACK || page.photometric == PHOTOMETRIC_MINISWHITE;
        const bool colour = page.photometric == PHOTOMETRIC_RGB;
        page.type = {page.format == SAMPLEFORMAT_IEEEFP ? 'f'
                     : page.format == SAMPLEFORMAT_INT  ? 'i'
                                                        : 'u',
                     page.bits / 8};
        page.channels = grey ? 1 : 3;
        const bool plain = page.format == SAMPLEFORMAT_UINT || page.format == SAMPLEFORMAT_INT ||
                           page.format == SAMPLEFORMAT_IEEEFP || page.format == SAMPLEFORMAT_VOID;
        page.direct = (grey || colour) && plain && page.bits % 8 == 0 && isKnown(page.type);
        if (page.direct) {
            const int further = page.samples - page.channels;
            if (further < 0 || further > 1)
                refuse(fmt::format("has {} samples a pixel; grey, colour and one for transparency are read",
                                   page.samples),
                       "store its channels as pages, or as an NPY array");
            page.covered = further == 1 && page.extraKind != EXTRASAMPLE_UNSPECIFIED &&
                           page.type.kind == 'u' && page.bits <= 16;
            return;
        }
        std::array<char, 1024> reason{};
        if (page.bits > 8 || page.format != SAMPLEFORMAT_UINT ||
            TIFFRGBAImageOK(m_file.get(), reason.data()) == 0)
            refuse(fmt::format("stores {}-bit pixels in a way that is not read{}", page.bits,
                               librarySays("libtiff", reason.data())),
                   "export it as 8 or 16-bit grey or colour TIFF, or as PNG");
        page.type = {'u', 1};
    }

    std::uint64_t storedBytes(const Page& page) const {
        const Shape samples{page.width, page.height, page.samples, page.bits};
        return static_cast<std::uint64_t>(claimedCount(samples, m_name)) / 8;
    }

    void requireBytes(const Page& page) const {
        // An empty page of fax takes hardly a bit a row; everything else is no denser than deflate.
        const bool fax = page.bits == 1 && page.compression != COMPRESSION_NONE;
        const std::uint64_t most = page.compression == COMPRESSION_NONE ? m_bytes
                                   : fax                                ? m_bytes * page.width
                                                                        : largestInflated(m_bytes);
        if (storedBytes(page) > most)
            refuse(fmt::format("claims {} x {} pixels of {}, more than its {} bytes can hold", page.width,
                               page.height, counted(page.bits * page.samples, "bit"), m_bytes),
                   "the file is damaged or cut short; copy or export it again");
        if (TIFFIsTiled(m_file.get()) != 0 && TIFFTileSize64(m_file.get()) > largestTile)
            refuse("has tiles that are too large", "export it again with tiles of 256 x 256 pixels");
    }

    // All samples as they are stored; plane after plane where the planes are separate.
    std::vector<std::byte> samplesOf(const Page& page) {
        std::vector<std::byte> bytes(storedBytes(page));
        const std::size_t together = page.planes == PLANARCONFIG_SEPARATE ? 1 : page.samples;
        const std::size_t pixel = together * page.bits / 8, row = pixel * page.width;
        for (std::uint16_t plane = 0; plane < page.samples / together; ++plane) {
            std::byte* target = bytes.data() + plane * row * page.height;
            if (TIFFIsTiled(m_file.get()) != 0)
                readTiles(page, plane, pixel, target);
            else
                readRows(page, plane, row, target);
        }
        return bytes;
    }

    void readRows(const Page& page, std::uint16_t plane, std::size_t row, std::byte* target) {
        if (static_cast<std::size_t>(TIFFScanlineSize(m_file.get())) != row)
            fail();
        for (std::uint32_t y = 0; y < page.height; ++y)
            if (TIFFReadScanline(m_file.get(), target + y * row, y, plane) < 0)
                fail();
    }

    void readTiles(const Page& page, std::uint16_t plane, std::size_t pixel, std::byte* target) {
        std::uint32_t width = 0, height = 0;
        TIFFGetField(m_file.get(), TIFFTAG_TILEWIDTH, &width);
        TIFFGetField(m_file.get(), TIFFTAG_TILELENGTH, &height);
        std::vector<std::byte> tile(static_cast<std::size_t>(TIFFTileSize64(m_file.get())));
        if (width == 0 || height == 0 || tile.size() != pixel * width * height)
            fail();
        for (std::uint32_t y = 0; y < page.height; y += std::min(height, page.height - y))
            for (std::uint32_t x = 0; x < page.width; x += std::min(width, page.width - x)) {
                if (TIFFReadTile(m_file.get(), tile.data(), x, y, 0, plane) < 0)
                    fail();
                for (std::size_t line = 0; line < std::min(height, page.height - y); ++line)
                    std::memcpy(target + ((y + line) * page.width + x) * pixel,
                                tile.data() + line * width * pixel, std::min(width, page.width - x) * pixel);
            }
    }

    Array readDirect(const Page& page) {
        RawArray raw;
        raw.bytes = bytesInMemory(samplesOf(page), m_name);
        raw.type = page.type;
        raw.bigEndian = std::endian::native == std::endian::big;  // the library has turned them
        const Shape extents{page.height, page.width};
        Array image = readPiece(raw, 0, {page.samples, page.height, page.width},
                                page.planes == PLANARCONFIG_CONTIG, {0, 0}, extents);
        const float white = static_cast<float>(std::ldexp(1.0, page.bits) - 1);
        if (page.photometric == PHOTOMETRIC_MINISWHITE && page.type.kind == 'u')
            for (float& value : image.values)
                value = white - value;
        if (page.samples > page.channels)
            dropLast(image, page, white);
        return image;
    }

    // The sample after the colours: laid on white where it is a cover, else left out.
    static void dropLast(Array& image, const Page& page, float white) {
        const std::size_t count = static_cast<std::size_t>(page.width) * page.height;
        const auto channels = static_cast<std::size_t>(page.channels);
        for (std::size_t i = 0; page.covered && i < channels * count; ++i) {
            const float cover = image.values[channels * count + i % count] / white;
            const float share =
                page.extraKind == EXTRASAMPLE_ASSOCALPHA ? 1 : cover;  // already in the colour
            image.values[i] = std::min(white, share * image.values[i] + (1 - cover) * white);
        }
        image.values.resize(channels * count);
        image.shape.front() = page.channels;
    }

    // Palettes, single bits, YCbCr and the like, through the library's own conversion to 8-bit colour.
    Array readColours(const Page& page) {
        const std::size_t count = static_cast<std::size_t>(page.width) * page.height;
        std::vector<std::uint32_t> raster(count);
        TIFFSetField(m_file.get(), TIFFTAG_ORIENTATION, ORIENTATION_TOPLEFT);
        if (TIFFReadRGBAImageOriented(m_file.get(), page.width, page.height, raster.data(),
                                      ORIENTATION_TOPLEFT, 1) == 0)
            fail();
        Array image{{page.channels, page.height, page.width},
                    std::vector<float>(static_cast<std::size_t>(page.channels) * count)};
        for (std::size_t i = 0; i < image.values.size(); ++i) {
            const std::uint32_t pixel = raster[i % count];
            const std::uint32_t sample = pixel >> (8 * (i / count)) & 0xff;
            image.values[i] = static_cast<float>(std::min(255U, sample + (255 - (pixel >> 24))));
        }
        return image;
    }

    struct Close {
        void operator()(TIFF* file) const { TIFFClose(file); }
    };

    std::string m_name, m_message;
    Damage m_damage;
    std::uint64_t m_bytes;
    std::unique_ptr<TIFF, Close> m_file;
};

}  // namespace

ImageHeader inspectTiff(const std::filesystem::path& path) {
    TiffFile file(path);
    const Page first = file.page();
    ImageHeader header;
    header.width = first.width;
    header.height = first.height;
    header.channels = first.channels;
    header.dtype = toText(first.type);
    header.transparent = first.covered;
    header.orientation = first.orientation;
    // Pages that differ end the run, so that the place of an item is that of its page.
    bool more = false;
    while (header.pages < mostPages && (more = file.next())) {
        if (!file.page().alike(first))
            break;
        ++header.pages;
    }
    header.damage = file.damage();
    if (header.pages > 1)
        header.notes.push_back(fmt::format("The {} pages of a TIFF file are items.", header.pages));
    if (more)
        header.notes.emplace_back("Pages from the first on that is of another size or kind are left out.");
    return header;
}

Reading readTiff(const std::filesystem::path& path, std::int64_t page) {
    TiffFile file(path);
    file.go(page);
    const Page found = file.page();
    Reading reading = file.read(found);
    reading.array = oriented(std::move(reading.array), found.orientation);
    return reading;
}

}  // namespace denoscope
