// SPDX-License-Identifier: GPL-3.0-or-later
// RLE is undone here, 8-bit JPEG by libjpeg-turbo, the other kinds of JPEG, JPEG-LS and JPEG 2000 by GDCM.
#include "engine/data/formats/DicomCodec.h"

#include <fmt/format.h>
#include <gdcmFragment.h>
#include <gdcmJPEG2000Codec.h>
#include <gdcmJPEGCodec.h>
#include <gdcmJPEGLSCodec.h>
#include <gdcmSequenceOfFragments.h>
#include <gdcmTrace.h>
#include <gdcmUIDs.h>

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/api/Error.h"
#include "engine/data/formats/DicomCodestream.h"
#include "engine/data/formats/JpegDecoder.h"

namespace denoscope {
namespace {

enum class Coding { None, Rle, Jpeg, JpegLs, Jpeg2000, Unknown };

Coding codingOf(std::string_view syntax) {
    constexpr std::string_view root = "1.2.840.10008.1.2";
    if (!syntax.starts_with(root))
        return Coding::Unknown;
    syntax.remove_prefix(root.size());
    if (syntax.empty() || syntax == ".1" || syntax == ".2" || syntax == ".1.99")
        return Coding::None;
    if (syntax == ".5")
        return Coding::Rle;
    if (syntax == ".4.80" || syntax == ".4.81")
        return Coding::JpegLs;
    if (syntax == ".4.90" || syntax == ".4.91")
        return Coding::Jpeg2000;
    if (syntax.starts_with(".4.5") || syntax.starts_with(".4.6") || syntax == ".4.70")
        return Coding::Jpeg;
    return Coding::Unknown;
}

[[noreturn]] void failFrame(const DicomImage& image, const std::string& what) {
    throw EngineError(what, image.path.string(), "the file is damaged; copy or export it again");
}

// The best that any of the codecs can do with an empty picture; small ones are let through.
void requireRatio(const DicomImage& image, std::uint64_t decoded, std::uint64_t compressed) {
    if (decoded > (16U << 20) + 2000 * compressed)
        failFrame(image, fmt::format("claims {} bytes of pixels in {} bytes of compressed data", decoded,
                                     compressed));
}

// The fragments of one frame: all, one each, or by the table of where frames begin.
std::vector<std::byte> compressedFrame(const DicomImage& image, std::int64_t frame) {
    const DicomPixelData& pixels = image.content.pixels;
    const std::size_t frames = image.frames.size(), index = static_cast<std::size_t>(frame);
    const auto belongs = [&](std::size_t i) {
        if (frames == 1)
            return true;
        if (pixels.fragments.size() == frames)
            return i == index;
        const std::uint64_t at = pixels.fragments[i].offset - 8 - pixels.offset;
        return at >= pixels.table[index] && (index + 1 == frames || at < pixels.table[index + 1]);
    };
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < pixels.fragments.size(); ++i) {
        if (!belongs(i))
            continue;
        const DicomFragment& fragment = pixels.fragments[i];
        const std::size_t before = bytes.size();
        bytes.resize(before + static_cast<std::size_t>(fragment.length));
        image.content.bytes->read(fragment.offset, std::span(bytes).subspan(before));
    }
    return bytes;
}

// PS3.5 annex G. One segment is one byte of every sample of one channel, the highest byte first.
class RleFrame {
public:
    RleFrame(const DicomImage& image, const std::vector<std::byte>& bytes) : m_image(image), m_bytes(bytes) {}

    std::vector<std::byte> decoded() const {
        const DicomSamples& s = m_image.samples;
        const auto pixels = static_cast<std::size_t>(s.rows * s.columns);
        const auto channels = static_cast<std::size_t>(s.channels),
                   width = static_cast<std::size_t>(s.bitsAllocated) / 8;
        if (m_bytes.size() < 64 || word(0) != channels * width)
            failFrame(m_image, "holds run lengths (RLE) for another kind of samples");
        std::vector<std::byte> result(pixels * channels * width);
        for (std::size_t channel = 0; channel < channels; ++channel)
            for (std::size_t byte = 0; byte < width; ++byte)
                segment(channel * width + byte, std::span(result).subspan(channel * width + width - 1 - byte),
                        channels * width, pixels);
        return result;
    }

private:
    std::size_t word(std::size_t index) const {
        std::size_t value = 0;
        for (std::size_t i = 4; i-- > 0;)
            value = value << 8 | std::to_integer<std::size_t>(m_bytes[index * 4 + i]);
        return value;
    }

    // `count` bytes, each `step` after the one before.
    void segment(std::size_t index, std::span<std::byte> target, std::size_t step, std::size_t count) const {
        std::size_t at = word(index + 1), done = 0;
        while (done < count) {
            if (at + 1 >= m_bytes.size())
                failFrame(m_image, fmt::format("has run lengths (RLE) for {} of {} pixels", done, count));
            const auto code = std::to_integer<std::size_t>(m_bytes[at++]);
            if (code == 128)
                continue;
            const bool repeated = code > 128;
            const std::size_t run = std::min(repeated ? 257 - code : code + 1, count - done);
            if (!repeated && run > m_bytes.size() - at)
                failFrame(m_image, fmt::format("has run lengths (RLE) for {} of {} pixels", done, count));
            for (std::size_t i = 0; i < run; ++i)
                target[(done + i) * step] = m_bytes[repeated ? at : at + i];
            at += repeated ? 1 : code + 1;
            done += run;
        }
    }

    const DicomImage& m_image;
    const std::vector<std::byte>& m_bytes;
};

// Whether the colours are YCbCr is said by the picture's own marks, or else by DICOM; a mark of Adobe's tells
// the library, which would guess otherwise.
std::vector<std::byte> decodeJpeg8(const DicomImage& image, Codestream stream, std::string& damage) {
    const bool transformed = stream.transformed.value_or(image.samples.colour == DicomColour::Ybr);
    std::vector<std::byte> mark;
    for (const int byte : {0xFF, 0xEE, 0, 14, 'A' + 0, 'd' + 0, 'o' + 0, 'b' + 0, 'e' + 0, 0, 100, 0, 0, 0, 0,
                           transformed ? 1 : 0})
        mark.push_back(static_cast<std::byte>(byte));
    if (stream.channels == 3)
        stream.bytes.insert(stream.bytes.begin() + 2, mark.begin(), mark.end());
    std::vector<std::byte> decoded(static_cast<std::size_t>(stream.width * stream.height * stream.channels));
    JpegDecoder decoder(stream.bytes);
    if (!decoder.readHeader() ||
        !decoder.readPixels({reinterpret_cast<std::uint8_t*>(decoded.data()), decoded.size()}))
        failFrame(image, "cannot be decoded" + decoder.failure());
    damage = decoder.damage();
    return decoded;
}

// GDCM writes complaints to the standard error stream unless it is told not to.
void silence() {
    static const bool done = [] {
        gdcm::Trace::DebugOff();
        gdcm::Trace::WarningOff();
        gdcm::Trace::ErrorOff();
        return true;
    }();
    static_cast<void>(done);
}

template <class Codec>
std::vector<std::byte> decodeWith(const DicomImage& image, const Codestream& stream) {
    silence();
    gdcm::Fragment fragment;
    fragment.SetByteValue(reinterpret_cast<const char*>(stream.bytes.data()),
                          static_cast<std::uint32_t>(stream.bytes.size()));
    gdcm::DataElement in(gdcm::Tag(0x7FE0, 0x0010)), out;
    in.SetVR(gdcm::VR::OB);
    auto* const fragments = new gdcm::SequenceOfFragments;
    in.SetValue(*fragments);  // keeps it
    fragments->AddFragment(fragment);
    const auto bits = static_cast<unsigned short>(stream.bits);
    Codec codec;
    codec.SetNumberOfDimensions(2);
    const std::array size{static_cast<unsigned>(stream.width), static_cast<unsigned>(stream.height), 1U};
    codec.SetDimensions(size.data());
    codec.SetPlanarConfiguration(0);
    codec.SetPhotometricInterpretation(stream.channels == 3 ? gdcm::PhotometricInterpretation::RGB
                                                            : gdcm::PhotometricInterpretation::MONOCHROME2);
    codec.SetPixelFormat(gdcm::PixelFormat(static_cast<unsigned short>(stream.channels), bits <= 8 ? 8 : 16,
                                           bits, static_cast<unsigned short>(bits - 1),
                                           stream.isSigned ? 1 : 0));
    bool decoded = false;
    try {
        decoded = codec.Decode(in, out);
    } catch (const std::exception&) {  // whose texts are written for programmers
    }
    const gdcm::ByteValue* const value = decoded ? out.GetByteValue() : nullptr;
    const auto wanted =
        static_cast<std::size_t>(stream.width * stream.height * stream.channels * (bits <= 8 ? 1 : 2));
    if (!value || value->GetLength() < wanted)
        failFrame(image, "cannot be decoded: its compressed data are damaged or cut short");
    const auto* const bytes = reinterpret_cast<const std::byte*>(value->GetPointer());
    return {bytes, bytes + wanted};
}

// What the compressed data say of themselves must be what the header says.
void requireSame(const DicomImage& image, const Codestream& stream) {
    const DicomSamples& s = image.samples;
    if (stream.width != s.columns || stream.height != s.rows || stream.channels != s.channels)
        failFrame(image,
                  fmt::format("holds {} x {} x {} compressed samples where its header says {} x {} x {}",
                              stream.width, stream.height, stream.channels, s.columns, s.rows, s.channels));
    if (stream.bits < 2 || stream.bits > 16 || stream.bits > s.bitsAllocated)
        failFrame(image, fmt::format("holds compressed samples of {} bits where its header says {}",
                                     stream.bits, s.bitsStored));
}

}  // namespace

std::uint64_t dicomFrameBits(const DicomSamples& samples) {
    const auto pixels = static_cast<std::uint64_t>(samples.rows * samples.columns);
    if (samples.colour == DicomColour::Ybr422)  // a pair of pixels shares its colour
        return pixels * 2 * static_cast<std::uint64_t>(samples.bitsAllocated);
    return pixels * static_cast<std::uint64_t>(samples.channels * samples.bitsAllocated);
}

void requireReadable(const DicomImage& image, std::int64_t frames) {
    const DicomPixelData& pixels = image.content.pixels;
    const Coding coding = codingOf(image.content.syntax);
    if (coding == Coding::Unknown) {
        gdcm::UIDs uid;
        const char* const known = uid.SetFromUID(image.content.syntax.c_str()) ? uid.GetName() : nullptr;
        throw EngineError(fmt::format("is compressed in a way that cannot be read: {}",
                                      known ? known : "transfer syntax " + image.content.syntax),
                          image.path.string(),
                          "export it uncompressed, or as JPEG 2000, JPEG-LS, JPEG or RLE");
    }
    if ((coding != Coding::None) != pixels.encapsulated)
        failFrame(image, pixels.encapsulated ? "holds compressed pixels, which its transfer syntax denies"
                                             : "holds uncompressed pixels, which its transfer syntax denies");
    if (!pixels.encapsulated)
        return;
    const auto wanted = static_cast<std::size_t>(frames);
    if (pixels.fragments.size() < wanted)
        failFrame(image, fmt::format("is cut short: {} of {} compressed frames are there",
                                     pixels.fragments.size(), wanted));
    if (wanted > 1 && pixels.fragments.size() != wanted && pixels.table.size() != wanted)
        failFrame(image, fmt::format("does not say where its {} frames begin among {} fragments", wanted,
                                     pixels.fragments.size()));
    if (image.samples.bitsAllocated < 8 || image.samples.bitsAllocated > 16 || image.samples.floating)
        failFrame(image, fmt::format("claims compressed samples of {} bits", image.samples.bitsAllocated));
    std::uint64_t compressed = 0;
    for (const DicomFragment& fragment : pixels.fragments)
        compressed += fragment.length;
    requireRatio(image, dicomFrameBits(image.samples) / 8 * static_cast<std::uint64_t>(frames), compressed);
}

DecodedFrame decodeFrame(const DicomImage& image, std::int64_t frame) {
    const std::vector<std::byte> bytes = compressedFrame(image, frame);
    requireRatio(image, dicomFrameBits(image.samples) / 8, bytes.size());
    const Coding coding = codingOf(image.content.syntax);
    DecodedFrame result{{}, image.samples, {}};
    result.samples.planar = false;
    if (coding == Coding::Rle) {
        result.bytes = RleFrame(image, bytes).decoded();
        return result;
    }
    std::optional<Codestream> stream =
        coding == Coding::Jpeg2000 ? readJpeg2000Stream(bytes) : readJpegStream(bytes);
    if (!stream)
        failFrame(image, fmt::format("frame {} does not hold a whole compressed picture", frame + 1));
    requireSame(image, *stream);
    const bool usual = coding == Coding::Jpeg && stream->bits == 8 && !stream->lossless;
    DicomSamples& s = result.samples;
    s.bitsAllocated = stream->bits <= 8 ? 8 : 16;
    s.bitsStored = std::min(s.bitsStored, s.bitsAllocated);
    s.highBit = s.bitsStored - 1;
    if (s.channels == 3 && (usual || (coding == Coding::Jpeg2000 && stream->transformed == true)))
        s.colour = DicomColour::Rgb;
    result.bytes = usual                        ? decodeJpeg8(image, std::move(*stream), result.damage)
                   : coding == Coding::Jpeg2000 ? decodeWith<gdcm::JPEG2000Codec>(image, *stream)
                   : coding == Coding::JpegLs   ? decodeWith<gdcm::JPEGLSCodec>(image, *stream)
                                                : decodeWith<gdcm::JPEGCodec>(image, *stream);
    return result;
}

}  // namespace denoscope
