// SPDX-License-Identifier: GPL-3.0-or-later
// The BMP format of Windows and OS/2, with all of its depths but for embedded JPEG and PNG.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

enum Compression : std::uint32_t { Plain = 0, Rle8 = 1, Rle4 = 2, BitFields = 3, AlphaBitFields = 6 };
constexpr std::uint64_t fileHeader = 14;

class Bmp {
public:
    Bmp(std::span<const std::byte> bytes, const std::string& name) : m_bytes(bytes), m_name(name) {
        readHeader();
        if (m_bits <= 8)
            readPalette();
        else
            readMasks();
        requireBytes();
    }

    ImageHeader header() const {
        ImageHeader header;
        header.width = m_width;
        header.height = m_height;
        header.channels = channels();
        header.damage = damage();
        return header;
    }

    Array read() const {
        const int stored = channels();
        std::vector<std::uint8_t> pixels(pixelCount() * static_cast<std::size_t>(stored));
        const std::vector<std::uint8_t> runs = isRle() ? unpacked() : std::vector<std::uint8_t>();
        for (std::uint64_t y = 0; y < height(); ++y) {
            const std::uint64_t row = m_topDown ? y : height() - 1 - y;  // in the file
            for (std::uint64_t x = 0; x < width(); ++x) {
                const Colour colour = isRle()      ? paletteAt(runs[row * width() + x])
                                      : m_bits > 8 ? maskedAt(row, x)
                                                   : paletteAt(indexAt(row, x));
                std::copy_n(colour.begin(), stored,
                            pixels.begin() + static_cast<std::ptrdiff_t>((y * width() + x) *
                                                                         static_cast<std::uint64_t>(stored)));
            }
        }
        return separated(pixels, m_width, m_height, stored);
    }

private:
    using Colour = std::array<std::uint8_t, 3>;

    [[noreturn]] void refuse(const std::string& what) const {
        throw EngineError(what, m_name,
                          "the BMP file is damaged or of a rare kind; export it again, as PNG if you can");
    }

    std::uint64_t number(std::uint64_t offset, int count) const {
        if (offset > m_bytes.size() || m_bytes.size() - offset < static_cast<std::uint64_t>(count))
            refuse("ends within its header");
        std::uint64_t value = 0;
        for (int i = count; i-- > 0;)
            value =
                value << 8 | std::to_integer<std::uint64_t>(m_bytes[offset + static_cast<std::uint64_t>(i)]);
        return value;
    }
    std::int32_t signedAt(std::uint64_t offset) const {
        return static_cast<std::int32_t>(static_cast<std::uint32_t>(number(offset, 4)));
    }

    std::uint64_t width() const { return static_cast<std::uint64_t>(m_width); }
    std::uint64_t height() const { return static_cast<std::uint64_t>(m_height); }
    std::uint64_t pixelCount() const { return width() * height(); }
    std::uint64_t rowBytes() const { return (width() * m_bits + 31) / 32 * 4; }
    // What the header says wrongly of things that reading does not need.
    Damage damage() const {
        constexpr std::array<std::uint64_t, 8> versions{12, 16, 40, 52, 56, 64, 108, 124};
        constexpr std::uint64_t densest = 1'000'000;  // pixels a metre
        const std::uint64_t size = m_bytes.size(), claimed = number(2, 4);
        Damage damage;
        if (claimed != 0 && claimed != size)
            addDamage(damage, fmt::format("its header says that it has {}, but it has {}",
                                          counted(claimed, "byte"), size));
        if (std::ranges::find(versions, m_headerSize) == versions.end())
            addDamage(damage,
                      fmt::format("its header has {} bytes, as in no version of the format", m_headerSize));
        if (m_headerSize < 40)
            return damage;
        if (const std::uint64_t pixels = number(34, 4); pixels > size - m_pixels)
            addDamage(damage, fmt::format("its header promises {} of pixels, {} are there",
                                          counted(pixels, "byte"), size - m_pixels));
        if (const std::uint64_t density = std::max(number(38, 4), number(42, 4)); density > densest)
            addDamage(damage, fmt::format("its header claims {} pixels a metre", density));
        if (const std::uint64_t colours = number(46, 4); m_bits <= 8 && colours > std::uint64_t{1} << m_bits)
            addDamage(damage,
                      fmt::format("its header claims {} colours of {}", colours, counted(m_bits, "bit")));
        return damage;
    }

    bool isRle() const { return m_compression == Rle8 || m_compression == Rle4; }
    int channels() const { return m_grey ? 1 : 3; }

    void readHeader() {
        if (m_bytes.size() < 2 || m_bytes[0] != std::byte{'B'} || m_bytes[1] != std::byte{'M'})
            refuse("does not begin as a BMP file does");
        m_pixels = number(10, 4);
        m_headerSize = number(fileHeader, 4);
        const bool old = m_headerSize == 12;  // OS/2 1.x
        if (!old && (m_headerSize < 16 || m_headerSize > 256))
            refuse(fmt::format("has a header of {} bytes, which no version of the format has", m_headerSize));
        m_width = old ? static_cast<std::int64_t>(number(18, 2)) : signedAt(18);
        m_height = old ? static_cast<std::int64_t>(number(20, 2)) : signedAt(22);
        const std::uint64_t planes = number(old ? 22 : 26, 2);
        m_bits = number(old ? 24 : 28, 2);
        m_compression = m_headerSize >= 20 ? static_cast<std::uint32_t>(number(30, 4)) : Plain;
        m_topDown = m_height < 0;
        m_height = m_topDown ? -m_height : m_height;
        if (m_width <= 0 || m_height <= 0)
            refuse(fmt::format("claims {} x {} pixels", m_width, m_height));
        if (planes != 1)
            refuse(fmt::format("claims {} planes instead of one", planes));
        requireKnownDepth();
    }

    void requireKnownDepth() const {
        constexpr std::array<std::uint64_t, 6> depths{1, 4, 8, 16, 24, 32};
        const bool fits = m_compression == Plain  ? std::ranges::find(depths, m_bits) != depths.end()
                          : m_compression == Rle8 ? m_bits == 8 && !m_topDown
                          : m_compression == Rle4 ? m_bits == 4 && !m_topDown
                          : m_compression == BitFields || m_compression == AlphaBitFields
                              ? (m_bits == 16 || m_bits == 32) && m_headerSize >= 40
                              : false;
        if (!fits)
            refuse(fmt::format("stores {} bits a pixel by method {}{}, which is not read", m_bits,
                               m_compression, m_topDown ? " from the top down" : ""));
    }

    void readPalette() {
        const std::uint64_t entry = m_headerSize == 12 ? 3 : 4, most = std::uint64_t{1} << m_bits;
        const std::uint64_t claimed = m_headerSize >= 36 ? number(46, 4) : 0;
        const std::uint64_t count = claimed == 0 ? most : std::min(claimed, most);
        for (std::uint64_t i = 0; i < count; ++i) {
            const std::uint64_t blueGreenRed = number(fileHeader + m_headerSize + i * entry, 3);
            m_palette.push_back({static_cast<std::uint8_t>(blueGreenRed >> 16),
                                 static_cast<std::uint8_t>(blueGreenRed >> 8),
                                 static_cast<std::uint8_t>(blueGreenRed)});
        }
        m_grey = std::ranges::all_of(m_palette, [](const Colour& c) { return c[0] == c[1] && c[1] == c[2]; });
    }

    void readMasks() {
        if (m_compression == Plain)
            m_masks = m_bits == 16 ? std::array<std::uint32_t, 3>{0x7c00, 0x03e0, 0x001f}
                                   : std::array<std::uint32_t, 3>{0xff0000, 0xff00, 0xff};
        else
            for (std::size_t i = 0; i < 3; ++i)  // behind a header of 40 bytes, within a longer one
                m_masks[i] = static_cast<std::uint32_t>(number(fileHeader + 40 + 4 * i, 4));
        for (const std::uint32_t mask : m_masks) {
            const std::uint64_t bits = mask >> (mask == 0 ? 0 : std::countr_zero(mask));
            if (mask == 0 || (bits & (bits + 1)) != 0)
                refuse("has a colour mask with gaps or without bits");
        }
    }

    void requireBytes() const {
        if (m_pixels < fileHeader + m_headerSize || m_pixels >= m_bytes.size())
            refuse(fmt::format("puts its pixels at byte {} of {}", m_pixels, m_bytes.size()));
        const std::uint64_t given = m_bytes.size() - m_pixels;
        // Both extents are below 2^31, so nothing wraps around. The padding of the last row may be missing.
        const std::uint64_t needed = isRle() ? pixelCount() / largestInflated(1)
                                             : rowBytes() * (height() - 1) + (width() * m_bits + 7) / 8;
        if (needed > given || width() > (std::uint64_t{1} << 30) / height())
            refuse(fmt::format("claims {} x {} pixels of {} in a file of {}", m_width, m_height,
                               counted(m_bits, "bit"), counted(m_bytes.size(), "byte")));
    }

    std::uint8_t byteAt(std::uint64_t offset) const { return std::to_integer<std::uint8_t>(m_bytes[offset]); }

    std::uint8_t indexAt(std::uint64_t row, std::uint64_t x) const {
        const std::uint64_t bit = x * m_bits;
        const unsigned shift = 8 - static_cast<unsigned>(m_bits) - static_cast<unsigned>(bit % 8);
        return static_cast<std::uint8_t>(byteAt(m_pixels + row * rowBytes() + bit / 8) >> shift &
                                         ((1U << m_bits) - 1));
    }

    Colour paletteAt(std::uint8_t index) const {
        if (index >= m_palette.size())
            refuse(fmt::format("uses colour {} of a palette of {}", index, m_palette.size()));
        return m_palette[index];
    }

    Colour maskedAt(std::uint64_t row, std::uint64_t x) const {
        const auto pixel = static_cast<std::uint32_t>(
            number(m_pixels + row * rowBytes() + x * (m_bits / 8), static_cast<int>(m_bits / 8)));
        Colour colour;
        for (std::size_t i = 0; i < 3; ++i) {
            const int shift = std::countr_zero(m_masks[i]);
            const std::uint64_t most = m_masks[i] >> shift;
            colour[i] =
                static_cast<std::uint8_t>(((pixel & m_masks[i]) >> shift) * std::uint64_t{255} / most);
        }
        return colour;
    }

    // The indices of a run-length picture, rows as in the file. What its jumps leave out is colour 0.
    std::vector<std::uint8_t> unpacked() const {
        std::vector<std::uint8_t> indices(pixelCount());
        std::uint64_t at = m_pixels, x = 0, y = 0;
        const auto next = [&] {
            if (at >= m_bytes.size())
                refuse("ends within its pixels");
            return byteAt(at++);
        };
        const auto put = [&](std::uint8_t index) {
            if (x >= width() || y >= height())
                refuse(fmt::format("has a run beyond the end of row {}", y));
            indices[y * width() + x++] = index;
        };
        const bool nibbles = m_compression == Rle4;
        while (true) {
            const std::uint8_t count = next(), value = next();
            if (count > 0) {
                for (int i = 0; i < count; ++i)
                    put(!nibbles ? value : i % 2 == 0 ? value >> 4 : value & 15);
            } else if (value == 0) {
                x = 0;
                ++y;
            } else if (value == 1) {
                return indices;
            } else if (value == 2) {
                x += next();
                y += next();
            } else {
                const std::uint64_t begin = at;
                std::uint8_t pair = 0;
                for (int i = 0; i < value; ++i) {
                    pair = nibbles && i % 2 == 1 ? pair : next();
                    put(!nibbles ? pair : i % 2 == 0 ? pair >> 4 : pair & 15);
                }
                if ((at - begin) % 2 == 1)
                    next();
            }
        }
    }

    std::span<const std::byte> m_bytes;
    const std::string& m_name;
    std::uint64_t m_pixels = 0, m_headerSize = 0, m_bits = 0;
    std::int64_t m_width = 0, m_height = 0;
    std::uint32_t m_compression = Plain;
    bool m_topDown = false, m_grey = false;
    std::vector<Colour> m_palette;
    std::array<std::uint32_t, 3> m_masks{};
};

}  // namespace

ImageHeader inspectBmp(std::span<const std::byte> bytes, const std::string& name) {
    return Bmp(bytes, name).header();
}

Reading readBmp(std::span<const std::byte> bytes, const std::string& name) {
    return {Bmp(bytes, name).read()};
}

}  // namespace denoscope
