// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <span>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/JpegDecoder.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

constexpr std::size_t largestFile = std::size_t{1} << 30;
// What usually stands before the picture: tables, EXIF, a preview.
constexpr std::uint64_t usualHeader = std::uint64_t{256} << 10;

// Folders of photographs are scanned for their sizes: the rest of each file is left alone.
std::string readStart(const std::filesystem::path& path) {
    std::string bytes(static_cast<std::size_t>(std::min(fileSize(path), usualHeader)), '\0');
    openBytes(path)->read(0, std::as_writable_bytes(std::span(bytes)));
    return bytes;
}

class JpegFile {
public:
    JpegFile(const std::filesystem::path& path, std::string bytes)
        : m_name(path.string()), m_bytes(std::move(bytes)), m_decoder(std::as_bytes(std::span(m_bytes))) {
        if (!m_decoder.readHeader())
            fail();
        m_header.width = m_decoder.width();
        m_header.height = m_decoder.height();
        m_header.channels = m_decoder.samples() == 1 ? 1 : 3;
        const std::optional<int> orientation = exifOrientation(m_decoder.exif());
        m_header.orientation = orientation.value_or(1);
        addDamage(m_header.damage, m_decoder.damage());
        if (!orientation)
            addDamage(m_header.damage, "its EXIF data, which may say how it is to be turned, cannot be read");
    }

    const ImageHeader& header() const { return m_header; }

    Reading read() {
        const auto pixels = static_cast<std::size_t>(m_header.width * m_header.height);
        const auto samples = static_cast<std::size_t>(m_decoder.samples());
        std::vector<std::uint8_t> interleaved(pixels * samples);
        if (!m_decoder.readPixels(interleaved))
            fail();
        addDamage(m_header.damage, m_decoder.damage());
        if (samples == 4)
            mixInks(interleaved);
        return {oriented(separated(interleaved, m_header.width, m_header.height, m_header.channels),
                         m_header.orientation),
                m_header.damage};
    }

private:
    // Cyan, magenta, yellow and black, stored as what each leaves of the paper's white, to red, green and
    // blue.
    static void mixInks(std::vector<std::uint8_t>& pixels) {
        for (std::size_t i = 0; i < pixels.size() / 4; ++i)
            for (std::size_t ink = 0; ink < 3; ++ink)
                pixels[3 * i + ink] =
                    static_cast<std::uint8_t>(pixels[4 * i + ink] * pixels[4 * i + 3] / 255);
        pixels.resize(pixels.size() / 4 * 3);
    }

    [[noreturn]] void fail() const {
        throw EngineError("cannot be read as a JPEG picture" + m_decoder.failure(), m_name,
                          "the file is damaged or cut short; copy or export it again");
    }

    std::string m_name, m_bytes;
    JpegDecoder m_decoder;
    ImageHeader m_header;
};

}  // namespace

ImageHeader inspectJpeg(const std::filesystem::path& path) {
    if (fileSize(path) > usualHeader) {
        try {
            return JpegFile(path, readStart(path)).header();
        } catch (const EngineError&) {  // the picture begins later in this one, or it is damaged
        }
    }
    return JpegFile(path, readFile(path, largestFile)).header();
}
Reading readJpeg(const std::filesystem::path& path) {
    return JpegFile(path, readFile(path, largestFile)).read();
}

}  // namespace denoscope
