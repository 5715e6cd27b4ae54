// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Pictures.h"

#include <fmt/format.h>
#include <png.h>

#include <cstdio>
#include <cstring>
#include <memory>

#include "engine/api/Error.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/LibraryReason.h"

namespace denoscope {
namespace {

// libpng reports errors by longjmp. So everything between setjmp and it is plain C, and lives in the
// functions below that return false; the objects that must be destroyed live outside of them.
struct Messages {
    char error[160] = "", warning[160] = "";  // the first of its kind
};

struct Reader {
    std::FILE* file = nullptr;
    png_structp png = nullptr;
    png_infop info = nullptr;
    Messages messages;

    Damage damage() const {
        Damage damage;
        addDamage(damage, quoted("libpng", messages.warning));
        return damage;
    }

    ~Reader() {
        png_destroy_read_struct(&png, &info, nullptr);
        if (file)
            std::fclose(file);
    }
};

[[noreturn]] void keepError(png_structp png, png_const_charp message) {
    auto& kept = static_cast<Messages*>(png_get_error_ptr(png))->error;
    std::snprintf(kept, sizeof kept, "%s", message);
    png_longjmp(png, 1);
}

// libpng warns of what is beside the pixels, and leaves out a damaged chunk of transparency, without which
// they mean something else.
void keepWarning(png_structp png, png_const_charp message) {
    if (std::string_view(message).starts_with("tRNS"))
        keepError(png, message);
    auto& kept = static_cast<Messages*>(png_get_error_ptr(png))->warning;
    if (kept[0] == '\0')
        std::snprintf(kept, sizeof kept, "%s", message);
}

bool hasPalette(const Reader& reader) {
    return png_get_color_type(reader.png, reader.info) == PNG_COLOR_TYPE_PALETTE;
}

bool readHeader(Reader& reader) {
    if (setjmp(png_jmpbuf(reader.png)))
        return false;
    png_set_option(reader.png, PNG_SKIP_sRGB_CHECK_PROFILE, PNG_OPTION_ON);  // colour profiles are not used
    png_init_io(reader.png, reader.file);
    png_read_info(reader.png, reader.info);
    if (hasPalette(reader)) {
        png_set_packing(reader.png);
        png_set_check_for_invalid_index(reader.png, 0);  // coloured() does
    } else {
        png_set_expand_gray_1_2_4_to_8(reader.png);
        png_set_tRNS_to_alpha(reader.png);
    }
    png_set_interlace_handling(reader.png);
    png_read_update_info(reader.png, reader.info);
    return true;
}

bool readRows(Reader& reader, png_bytepp rows) {
    if (setjmp(png_jmpbuf(reader.png)))
        return false;
    png_read_image(reader.png, rows);
    png_read_end(reader.png, nullptr);
    return true;
}

[[noreturn]] void failPng(const Reader& reader, const std::filesystem::path& path) {
    throw EngineError("cannot be read as a PNG picture" + librarySays("libpng", reader.messages.error),
                      path.string(), "the file is damaged or cut short; copy or export it again");
}

std::unique_ptr<Reader> openReader(const std::filesystem::path& path) {
    auto reader = std::make_unique<Reader>();
    reader->file = std::fopen(path.c_str(), "rb");
    if (!reader->file)
        throw EngineError("cannot be opened", path.string(), "check the path and your rights to it");
    reader->png = png_create_read_struct(PNG_LIBPNG_VER_STRING, &reader->messages, keepError, keepWarning);
    reader->info = reader->png ? png_create_info_struct(reader->png) : nullptr;
    if (!reader->info || !readHeader(*reader))
        failPng(*reader, path);
    return reader;
}

ImageHeader headerOf(const Reader& reader, const std::filesystem::path& path) {
    const bool palette = hasPalette(reader);
    const int stored = png_get_channels(reader.png, reader.info);
    ImageHeader header;
    header.width = png_get_image_width(reader.png, reader.info);
    header.height = png_get_image_height(reader.png, reader.info);
    header.channels = palette || stored >= 3 ? 3 : 1;
    header.bits = png_get_bit_depth(reader.png, reader.info);
    header.transparent =
        palette ? png_get_valid(reader.png, reader.info, PNG_INFO_tRNS) != 0 : stored % 2 == 0;
    header.damage = reader.damage();
    const auto row = static_cast<std::uint64_t>(png_get_rowbytes(reader.png, reader.info));
    const std::uint64_t size = fileSize(path);
    // A bit a pixel becomes up to 2 bytes here.
    if (row * static_cast<std::uint64_t>(header.height) / 16 > largestInflated(size))
        throw EngineError(fmt::format("claims {} x {} pixels, more than its {} bytes can hold", header.width,
                                      header.height, size),
                          path.string(), "the file is damaged; export it again");
    return header;
}

// What the indices of a palette stand for. libpng would take those beyond it for black.
std::vector<png_byte> coloured(const Reader& reader, const std::vector<png_byte>& indices, bool transparent,
                               const std::filesystem::path& path) {
    png_colorp palette = nullptr;
    png_bytep cover = nullptr;
    int colours = 0, covers = 0;
    png_get_PLTE(reader.png, reader.info, &palette, &colours);
    png_get_tRNS(reader.png, reader.info, &cover, &covers, nullptr);
    std::vector<png_byte> samples;
    samples.reserve(indices.size() * (transparent ? 4 : 3));
    for (const png_byte index : indices) {
        if (index >= colours)
            throw EngineError(fmt::format("uses colour {} of a palette of {}", index, colours), path.string(),
                              "the file is damaged; export it again");
        const png_color& colour = palette[index];
        samples.insert(samples.end(), {colour.red, colour.green, colour.blue});
        if (transparent)
            samples.push_back(index < covers ? cover[index] : png_byte{255});
    }
    return samples;
}

// Interleaved samples with or without transparency to (C, H, W).
Array separated(const std::vector<png_byte>& bytes, const ImageHeader& header) {
    const std::size_t pixels = static_cast<std::size_t>(header.width * header.height);
    const auto channels = static_cast<std::size_t>(header.channels),
               stored = channels + (header.transparent ? 1 : 0);
    const float white = header.bits == 16 ? 65535.0f : 255.0f;
    const auto sample = [&](std::size_t i) {
        return header.bits == 16 ? static_cast<float>(bytes[2 * i] << 8 | bytes[2 * i + 1])
                                 : static_cast<float>(bytes[i]);
    };
    Array array{{header.channels, header.height, header.width}, std::vector<float>(channels * pixels)};
    for (std::size_t pixel = 0; pixel < pixels; ++pixel) {
        const float cover = header.transparent ? sample(pixel * stored + channels) / white : 1.0f;
        for (std::size_t channel = 0; channel < channels; ++channel)
            array.values[channel * pixels + pixel] =
                cover * sample(pixel * stored + channel) + (1 - cover) * white;
    }
    return array;
}

struct Writer {
    png_structp png = nullptr;
    png_infop info = nullptr;
    std::string bytes;
    ~Writer() { png_destroy_write_struct(&png, &info); }
};

void appendBytes(png_structp png, png_bytep data, std::size_t size) {
    static_cast<std::string*>(png_get_io_ptr(png))->append(reinterpret_cast<const char*>(data), size);
}

bool writeRows(Writer& writer, png_const_bytep pixels, png_uint_32 width, png_uint_32 height,
               png_uint_32 channels, int bits) {
    if (setjmp(png_jmpbuf(writer.png)))
        return false;
    png_set_write_fn(writer.png, &writer.bytes, appendBytes, nullptr);
    png_set_IHDR(writer.png, writer.info, width, height, bits,
                 channels == 3 ? PNG_COLOR_TYPE_RGB : PNG_COLOR_TYPE_GRAY, PNG_INTERLACE_NONE,
                 PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
    png_write_info(writer.png, writer.info);
    const std::size_t row = std::size_t{width} * channels * static_cast<std::size_t>(bits / 8);
    for (std::size_t y = 0; y < height; ++y)
        png_write_row(writer.png, pixels + y * row);
    png_write_end(writer.png, nullptr);
    return true;
}

}  // namespace

ImageHeader inspectPng(const std::filesystem::path& path) {
    return headerOf(*openReader(path), path);
}

Reading readPng(const std::filesystem::path& path) {
    const std::unique_ptr<Reader> reader = openReader(path);
    const ImageHeader header = headerOf(*reader, path);
    const std::size_t row = png_get_rowbytes(reader->png, reader->info),
                      height = static_cast<std::size_t>(header.height);
    std::vector<png_byte> bytes(row * height);
    std::vector<png_bytep> rows(height);
    for (std::size_t y = 0; y < height; ++y)
        rows[y] = bytes.data() + y * row;
    if (!readRows(*reader, rows.data()))
        failPng(*reader, path);
    if (hasPalette(*reader))
        bytes = coloured(*reader, bytes, header.transparent, path);
    return {separated(bytes, header), reader->damage()};
}

std::string encodePng(const std::vector<std::uint8_t>& pixels, std::int64_t width, std::int64_t height,
                      int channels, int bits) {
    Writer writer;
    Messages messages;
    writer.png = png_create_write_struct(PNG_LIBPNG_VER_STRING, &messages, keepError, keepWarning);
    writer.info = writer.png ? png_create_info_struct(writer.png) : nullptr;
    if (!writer.info ||
        !writeRows(writer, pixels.data(), static_cast<png_uint_32>(width), static_cast<png_uint_32>(height),
                   static_cast<png_uint_32>(channels), bits))
        throw EngineError(fmt::format("a picture of {} x {} pixels cannot be written as PNG{}", width, height,
                                      librarySays("libpng", messages.error)),
                          "", "draw fewer items");
    return std::move(writer.bytes);
}

}  // namespace denoscope
