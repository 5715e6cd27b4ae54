// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

struct JpegState;  // the library's

// A JPEG picture of 8 bits through libjpeg, which calls nearly all damage a warning. Here all of it is a
// failure that may have cost pixels: data that end too early, broken codes, bytes that were skipped within
// the picture.
class JpegDecoder {
public:
    explicit JpegDecoder(std::span<const std::byte> bytes);  // which have to outlive it
    ~JpegDecoder();
    JpegDecoder(const JpegDecoder&) = delete;
    JpegDecoder& operator=(const JpegDecoder&) = delete;

    // One after the other; false: failure() says why.
    bool readHeader();
    bool readPixels(std::span<std::uint8_t> interleaved);  // width * height * samples

    std::int64_t width() const;
    std::int64_t height() const;
    int samples() const;  // of a pixel: grey, red green blue, or four inks as they are stored

    // The EXIF data, beginning with exifStart, once the header is read; empty where there are none.
    std::string_view exif() const;

    std::string failure() const;  // to follow a sentence: `: libjpeg-turbo says "..."`
    std::string damage() const;   // a clause (Damage.h) about what cost no pixels; may be empty

private:
    std::unique_ptr<JpegState> m_state;
};

}  // namespace denoscope
