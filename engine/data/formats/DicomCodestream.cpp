// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomCodestream.h"

#include <algorithm>
#include <cstring>
#include <string_view>

namespace denoscope {
namespace {

using Bytes = std::span<const std::byte>;

std::uint64_t number(Bytes bytes, std::size_t at, std::size_t width) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < width; ++i)
        value = value << 8 | std::to_integer<std::uint64_t>(bytes[at + i]);
    return value;
}

void append(std::vector<std::byte>& target, Bytes bytes) {
    target.insert(target.end(), bytes.begin(), bytes.end());
}

bool isFrame(std::uint64_t marker) {  // SOF0 .. SOF15 without DHT, JPG and DAC, and JPEG-LS's SOF55
    return (marker >= 0xFFC0 && marker <= 0xFFCF && marker != 0xFFC4 && marker != 0xFFC8 &&
            marker != 0xFFCC) ||
           marker == 0xFFF7;
}

bool readFrame(Bytes segment, std::uint64_t marker, Codestream& stream) {
    if (segment.size() < 10)
        return false;
    stream.bits = static_cast<int>(number(segment, 4, 1));
    stream.height = static_cast<std::int64_t>(number(segment, 5, 2));
    stream.width = static_cast<std::int64_t>(number(segment, 7, 2));
    stream.channels = static_cast<int>(number(segment, 9, 1));
    stream.lossless = marker == 0xFFC3 || marker == 0xFFF7;
    return segment.size() >= 10 + 3 * static_cast<std::size_t>(stream.channels);
}

void readApplication(Bytes segment, std::uint64_t marker, Codestream& stream) {
    const std::string_view text(reinterpret_cast<const char*>(segment.data()), segment.size());
    if (marker == 0xFFE0 && text.substr(4).starts_with("JFIF") && !stream.transformed)
        stream.transformed = true;
    if (marker == 0xFFEE && text.substr(4).starts_with("Adobe") && segment.size() >= 16)
        stream.transformed = number(segment, 15, 1) != 0;
}

// The contents of the box of a JP2 file that holds the codestream; the bytes themselves where they are bare.
Bytes unboxed(Bytes bytes) {
    constexpr std::uint64_t codestreamBox = 0x6A703263;  // "jp2c"
    if (bytes.size() < 12 || number(bytes, 0, 8) != 0x0000000C6A502020)
        return bytes;
    while (bytes.size() >= 8) {
        std::uint64_t length = number(bytes, 0, 4);
        const bool found = number(bytes, 4, 4) == codestreamBox;
        if (length == 0)
            length = bytes.size();
        if (length < 8 || length > bytes.size())
            return {};
        if (found)
            return bytes.subspan(8, static_cast<std::size_t>(length) - 8);
        bytes = bytes.subspan(static_cast<std::size_t>(length));
    }
    return {};
}

// SIZ (ISO 15444-1 A.5.1): one size for all channels, and no more tiles than such a size calls for.
bool readSize(Bytes segment, Codestream& stream) {
    if (segment.size() < 40)
        return false;
    const std::uint64_t right = number(segment, 6, 4), bottom = number(segment, 10, 4),
                        left = number(segment, 14, 4), top = number(segment, 18, 4),
                        tileWidth = number(segment, 22, 4), tileHeight = number(segment, 26, 4);
    const std::uint64_t channels = number(segment, 38, 2);
    if (left >= right || top >= bottom || tileWidth == 0 || tileHeight == 0 || channels == 0 ||
        channels > 4 || segment.size() < 40 + 3 * channels)
        return false;
    stream.width = static_cast<std::int64_t>(right - left);
    stream.height = static_cast<std::int64_t>(bottom - top);
    stream.channels = static_cast<int>(channels);
    for (std::size_t channel = 0; channel < channels; ++channel)
        if (number(segment, 40 + 3 * channel, 1) != number(segment, 40, 1) ||
            number(segment, 41 + 3 * channel, 2) != 0x0101)
            return false;
    stream.bits = static_cast<int>(number(segment, 40, 1) & 0x7F) + 1;
    stream.isSigned = number(segment, 40, 1) & 0x80;
    const std::uint64_t tiles = (right / tileWidth + 1) * (bottom / tileHeight + 1);
    return right < 1U << 20 && bottom < 1U << 20 && tiles <= 64 + right * bottom / 4096;
}

}  // namespace

std::optional<Codestream> readJpegStream(Bytes bytes) {
    if (bytes.size() < 4 || number(bytes, 0, 2) != 0xFFD8)
        return std::nullopt;
    Codestream stream;
    append(stream.bytes, bytes.first(2));
    for (std::size_t at = 2; at + 4 <= bytes.size();) {
        const std::uint64_t marker = number(bytes, at, 2);
        if (marker == 0xFFFF) {  // filling
            ++at;
            continue;
        }
        const std::size_t length = static_cast<std::size_t>(number(bytes, at + 2, 2)) + 2;
        if (marker < 0xFFC0 || length < 4 || length > bytes.size() - at)
            return std::nullopt;
        const Bytes segment = bytes.subspan(at, length);
        if (marker == 0xFFDA) {  // the data begin
            append(stream.bytes, bytes.subspan(at));
            return stream.channels > 0 ? std::optional(std::move(stream)) : std::nullopt;
        }
        if (isFrame(marker) && (stream.channels > 0 || !readFrame(segment, marker, stream)))
            return std::nullopt;
        if ((marker >= 0xFFE0 && marker <= 0xFFEF) || marker == 0xFFFE)
            readApplication(segment, marker, stream);
        else
            append(stream.bytes, segment);
        at += length;
    }
    return std::nullopt;
}

std::optional<Codestream> readJpeg2000Stream(Bytes all) {
    const Bytes bytes = unboxed(all);
    if (bytes.size() < 64 || number(bytes, 0, 2) != 0xFF4F)
        return std::nullopt;
    Codestream stream;
    bool coding = false;
    for (std::size_t at = 2; at + 4 <= bytes.size();) {
        const std::uint64_t marker = number(bytes, at, 2);
        if (marker == 0xFF93) {  // the data begin
            if (stream.channels == 0 || !coding)
                return std::nullopt;
            append(stream.bytes, bytes);
            return stream;
        }
        const std::size_t length = static_cast<std::size_t>(number(bytes, at + 2, 2)) + 2;
        // Marks without a length have no place before the data.
        if (marker < 0xFF50 || length < 4 || length > bytes.size() - at)
            return std::nullopt;
        if (marker == 0xFF51 && (stream.channels > 0 || !readSize(bytes.subspan(at, length), stream)))
            return std::nullopt;
        if (marker == 0xFF52 && length >= 14) {
            coding = true;
            stream.transformed = number(bytes, at + 8, 1) != 0;
        }
        at += length;
    }
    return std::nullopt;
}

}  // namespace denoscope
