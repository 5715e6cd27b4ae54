// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <turbojpeg.h>

#include <algorithm>
#include <memory>
#include <span>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/LibraryReason.h"
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

struct Destroy {
    void operator()(void* handle) const { tjDestroy(handle); }
};

class JpegFile {
public:
    JpegFile(const std::filesystem::path& path, std::string bytes)
        : m_name(path.string()), m_bytes(std::move(bytes)), m_handle(tjInitDecompress()) {
        int width = 0, height = 0, sampling = 0, space = 0;
        const bool read = m_handle && tjDecompressHeader3(m_handle.get(), data(), size(), &width, &height,
                                                          &sampling, &space) == 0;
        const bool known = m_handle && width > 0 && height > 0;
        if (!known || (!read && tjGetErrorCode(m_handle.get()) != TJERR_WARNING))
            fail();
        if (!read)
            m_harmless = tjGetErrorStr2(m_handle.get());
        m_header.width = width;
        m_header.height = height;
        m_header.channels = space == TJCS_GRAY ? 1 : 3;
        m_header.orientation = exifOrientation(std::string_view(m_bytes).substr(0, usualHeader));
        m_inks = space == TJCS_CMYK || space == TJCS_YCCK;
    }

    const ImageHeader& header() const { return m_header; }

    Array read() const {
        const auto pixels = static_cast<std::size_t>(m_header.width * m_header.height);
        const int stored = m_inks ? 4 : m_header.channels;
        std::vector<unsigned char> interleaved(pixels * static_cast<std::size_t>(stored));
        const bool read =
            tjDecompress2(m_handle.get(), data(), size(), interleaved.data(),
                          static_cast<int>(m_header.width), 0, static_cast<int>(m_header.height),
                          m_inks        ? TJPF_CMYK
                          : stored == 1 ? TJPF_GRAY
                                        : TJPF_RGB,
                          0) == 0;
        if (!read && m_harmless != tjGetErrorStr2(m_handle.get()))
            fail();
        if (m_inks)
            mixInks(interleaved);
        return oriented(separated(interleaved, m_header.width, m_header.height, m_header.channels),
                        m_header.orientation);
    }

private:
    // Cyan, magenta, yellow and black, stored as what each leaves of the paper's white, to red, green and
    // blue.
    static void mixInks(std::vector<unsigned char>& pixels) {
        for (std::size_t i = 0; i < pixels.size() / 4; ++i)
            for (std::size_t ink = 0; ink < 3; ++ink)
                pixels[3 * i + ink] =
                    static_cast<unsigned char>(pixels[4 * i + ink] * pixels[4 * i + 3] / 255);
        pixels.resize(pixels.size() / 4 * 3);
    }

    const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(m_bytes.data()); }
    unsigned long size() const { return m_bytes.size(); }

    // Also for what libjpeg calls a warning: a picture that is half grey is not one to learn from.
    [[noreturn]] void fail() const {
        throw EngineError(
            "cannot be read as a JPEG picture" + librarySays("libjpeg-turbo", tjGetErrorStr2(m_handle.get())),
            m_name, "the file is damaged or cut short; copy or export it again");
    }

    std::string m_name, m_bytes;
    std::string
        m_harmless;  // a complaint about what stands before the picture; it comes back when that is read
    std::unique_ptr<void, Destroy> m_handle;
    ImageHeader m_header;
    bool m_inks = false;
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
Array readJpeg(const std::filesystem::path& path) {
    return JpegFile(path, readFile(path, largestFile)).read();
}

}  // namespace denoscope
