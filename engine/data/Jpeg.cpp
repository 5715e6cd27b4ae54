// SPDX-License-Identifier: GPL-3.0-or-later
#include <fmt/format.h>
#include <turbojpeg.h>

#include <memory>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/Pictures.h"

namespace denoscope {
namespace {

constexpr std::size_t largestFile = std::size_t{1} << 30;

struct Destroy {
    void operator()(void* handle) const { tjDestroy(handle); }
};

class JpegFile {
public:
    explicit JpegFile(const std::filesystem::path& path)
        : m_name(path.string()), m_bytes(readFile(path, largestFile)), m_handle(tjInitDecompress()) {
        int width = 0, height = 0, sampling = 0, space = 0;
        const bool read = m_handle && tjDecompressHeader3(m_handle.get(), data(), size(), &width, &height,
                                                          &sampling, &space) == 0;
        if (!read &&
            (!m_handle || tjGetErrorCode(m_handle.get()) != TJERR_WARNING || width < 1 || height < 1))
            fail();
        if (!read)
            m_harmless = tjGetErrorStr2(m_handle.get());
        m_header = {width, height, space == TJCS_GRAY ? 1 : 3, 8, false};
    }

    const ImageHeader& header() const { return m_header; }

    Array read() const {
        const auto channels = static_cast<std::size_t>(m_header.channels);
        const auto pixels = static_cast<std::size_t>(m_header.width * m_header.height);
        std::vector<unsigned char> interleaved(pixels * channels);
        const bool read =
            tjDecompress2(m_handle.get(), data(), size(), interleaved.data(),
                          static_cast<int>(m_header.width), 0, static_cast<int>(m_header.height),
                          channels == 1 ? TJPF_GRAY : TJPF_RGB, 0) == 0;
        if (!read && m_harmless != tjGetErrorStr2(m_handle.get()))
            fail();
        Array array{{m_header.channels, m_header.height, m_header.width},
                    std::vector<float>(interleaved.size())};
        for (std::size_t i = 0; i < interleaved.size(); ++i)
            array.values[i % channels * pixels + i / channels] = interleaved[i];
        return array;
    }

private:
    const unsigned char* data() const { return reinterpret_cast<const unsigned char*>(m_bytes.data()); }
    unsigned long size() const { return m_bytes.size(); }

    // Also for what libjpeg calls a warning: a picture that is half grey is not one to learn from.
    [[noreturn]] void fail() const {
        throw EngineError(fmt::format("cannot be read as a JPEG picture: {}", tjGetErrorStr2(m_handle.get())),
                          m_name, "the file is damaged or cut short; copy or export it again");
    }

    std::string m_name, m_bytes;
    std::string
        m_harmless;  // a complaint about what stands before the picture; it comes back when that is read
    std::unique_ptr<void, Destroy> m_handle;
    ImageHeader m_header;
};

}  // namespace

ImageHeader inspectJpeg(const std::filesystem::path& path) {
    return JpegFile(path).header();
}
Array readJpeg(const std::filesystem::path& path) {
    return JpegFile(path).read();
}

}  // namespace denoscope
