// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomPixels.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/data/formats/DicomCodec.h"

namespace denoscope {
namespace {

struct StoredFrame {
    std::vector<std::byte> bytes;
    DicomSamples samples;
    bool bigEndian = false;
    std::int64_t firstPixel = 0;  // of the frame, that the bytes begin with
    int firstBit = 0;             // single bits: where in the first byte
    std::string damage = {};
};

// Frames of which whole rows can be read alone.
bool hasPlainRows(const DicomImage& image) {
    const DicomSamples& s = image.samples;
    const bool swappedBytes = image.content.pixels.bigEndian && s.bitsAllocated == 8;
    return s.bitsAllocated >= 8 && !(s.planar && s.channels > 1) && s.colour != DicomColour::Ybr422 &&
           !swappedBytes;
}

StoredFrame uncompressed(const DicomImage& image, std::int64_t frame, const PixelBox& box) {
    const DicomPixelData& pixels = image.content.pixels;
    StoredFrame result{{}, image.samples, pixels.bigEndian, 0, 0, {}};
    const std::uint64_t bits = dicomFrameBits(image.samples),
                        before = bits * static_cast<std::uint64_t>(frame);
    std::uint64_t from = before / 8, count = (before % 8 + bits + 7) / 8;
    result.firstBit = static_cast<int>(before % 8);
    if (hasPlainRows(image)) {
        const std::uint64_t row = bits / 8 / static_cast<std::uint64_t>(image.samples.rows);
        from += row * static_cast<std::uint64_t>(box.top);
        count = row * static_cast<std::uint64_t>(box.height);
        result.firstPixel = box.top * image.samples.columns;
    }
    // Bytes that were written as 16-bit words of the other order have changed places within each word.
    const bool swapped = pixels.bigEndian && pixels.words && image.samples.bitsAllocated == 8;
    const std::uint64_t lead = swapped ? from % 2 : 0;
    const std::uint64_t tail = swapped ? (lead + count) % 2 : 0;
    result.bytes.resize(static_cast<std::size_t>(lead + count + tail));
    image.content.bytes->read(pixels.offset + from - lead, result.bytes);
    if (swapped) {
        for (std::size_t i = 0; i + 1 < result.bytes.size(); i += 2)
            std::swap(result.bytes[i], result.bytes[i + 1]);
        result.bytes.erase(result.bytes.begin(), result.bytes.begin() + static_cast<std::ptrdiff_t>(lead));
    }
    return result;
}

StoredFrame storedFrame(const DicomImage& image, std::int64_t frame, const PixelBox& box) {
    if (!image.content.pixels.encapsulated)
        return uncompressed(image, frame, box);
    DecodedFrame decoded = decodeFrame(image, frame);
    return {std::move(decoded.bytes),
            decoded.samples,
            std::endian::native == std::endian::big,
            0,
            0,
            decoded.damage};
}

// Samples of one width, by their place in the frame's bytes.
class Samples {
public:
    explicit Samples(const StoredFrame& frame)
        : m_frame(frame),
          m_shift(frame.samples.highBit + 1 - frame.samples.bitsStored),
          m_swap(frame.bigEndian != (std::endian::native == std::endian::big)) {}

    template <class Stored>
    double at(std::size_t index) const {
        Stored value = raw<Stored>(index);
        if constexpr (std::is_floating_point_v<Stored>) {
            return static_cast<double>(value);
        } else {
            const int bits = m_frame.samples.bitsStored;
            const std::uint32_t mask = bits >= 32 ? ~0U : (1U << bits) - 1;
            const std::uint32_t number = (static_cast<std::uint32_t>(value) >> m_shift) & mask;
            const bool negative = m_frame.samples.isSigned && (number >> (bits - 1) & 1);
            return static_cast<double>(number) - (negative ? static_cast<double>(mask) + 1 : 0);
        }
    }
    double bitAt(std::size_t index) const {
        const std::size_t bit = index + static_cast<std::size_t>(m_frame.firstBit);
        return std::to_integer<int>(m_frame.bytes[bit / 8] >> (bit % 8)) & 1;
    }

private:
    template <class Stored>
    Stored raw(std::size_t index) const {
        std::array<std::byte, sizeof(Stored)> bytes;
        std::memcpy(bytes.data(), m_frame.bytes.data() + index * sizeof(Stored), sizeof(Stored));
        if (m_swap)
            std::reverse(bytes.begin(), bytes.end());
        return std::bit_cast<Stored>(bytes);
    }

    const StoredFrame& m_frame;
    int m_shift;
    bool m_swap;
};

// Calls use(n, value) for the n-th pixel of the box.
template <class Read, class Use>
void eachPixel(const StoredFrame& frame, const PixelBox& box, Read read, Use use) {
    std::size_t n = 0;
    for (std::int64_t y = box.top; y < box.top + box.height; ++y)
        for (std::int64_t x = box.left; x < box.left + box.width; ++x)
            use(n++, read(static_cast<std::size_t>(y * frame.samples.columns + x - frame.firstPixel)));
}

// The sample of one channel of a pixel, as a function of the pixel; `visit` is called with that function.
template <class Visit>
void withSamples(const StoredFrame& frame, std::size_t channel, Visit visit) {
    const Samples samples(frame);
    const DicomSamples& s = frame.samples;
    const auto count = static_cast<std::size_t>(s.rows * s.columns),
               channels = static_cast<std::size_t>(s.channels);
    const auto place = [=, planar = s.planar](std::size_t pixel) {
        return planar ? channel * count + pixel : pixel * channels + channel;
    };
    // Two pixels share their colour: Y Y Cb Cr.
    const auto place422 = [=](std::size_t pixel) {
        return pixel / 2 * 4 + (channel == 0 ? pixel % 2 : 1 + channel);
    };
    if (s.colour == DicomColour::Ybr422)
        return visit([&](std::size_t p) { return samples.at<std::uint8_t>(place422(p)); });
    if (s.floating && s.bitsAllocated == 32)
        return visit([&](std::size_t p) { return samples.at<float>(place(p)); });
    if (s.floating)
        return visit([&](std::size_t p) { return samples.at<double>(place(p)); });
    switch (s.bitsAllocated) {
        case 1:
            return visit([&](std::size_t p) { return samples.bitAt(p); });
        case 8:
            return visit([&](std::size_t p) { return samples.at<std::uint8_t>(place(p)); });
        case 16:
            return visit([&](std::size_t p) { return samples.at<std::uint16_t>(place(p)); });
        default:
            return visit([&](std::size_t p) { return samples.at<std::uint32_t>(place(p)); });
    }
}

// PS3.3 C.7.6.3.1.2, the whole range of 8 or 16 bits.
void toRgb(std::span<float> target, std::size_t count, std::size_t step, int bits) {
    const auto top = static_cast<float>((1 << bits) - 1), middle = static_cast<float>(1 << (bits - 1));
    for (std::size_t i = 0; i < count; ++i) {
        const float y = target[i], cb = target[i + step] - middle, cr = target[i + 2 * step] - middle;
        target[i] = std::clamp(y + 1.402f * cr, 0.0f, top);
        target[i + step] = std::clamp(y - 0.344136f * cb - 0.714136f * cr, 0.0f, top);
        target[i + 2 * step] = std::clamp(y + 1.772f * cb, 0.0f, top);
    }
}

void readColours(const StoredFrame& frame, const PixelBox& box, std::span<float> target, std::size_t step) {
    for (std::size_t channel = 0; channel < 3; ++channel)
        withSamples(frame, channel, [&](auto read) {
            eachPixel(frame, box, read, [&](std::size_t n, double value) {
                target[channel * step + n] = static_cast<float>(value);
            });
        });
    if (frame.samples.colour == DicomColour::Ybr || frame.samples.colour == DicomColour::Ybr422)
        toRgb(target, static_cast<std::size_t>(box.height * box.width), step, frame.samples.bitsStored);
}

void readPalette(const DicomPalette& palette, const StoredFrame& frame, const PixelBox& box,
                 std::span<float> target, std::size_t step) {
    const auto last = static_cast<double>(palette.tables[0].size() - 1);
    withSamples(frame, 0, [&](auto read) {
        eachPixel(frame, box, read, [&](std::size_t n, double value) {
            const auto entry =
                static_cast<std::size_t>(std::clamp(value - static_cast<double>(palette.first), 0.0, last));
            for (std::size_t channel = 0; channel < 3; ++channel)
                target[channel * step + n] = palette.tables[channel][entry];
        });
    });
}

}  // namespace

bool isTurnedOver(const DicomImage& image) {
    return image.samples.colour == DicomColour::GreyInverted && image.unit.empty() && !image.samples.floating;
}

double turnedOverSum(const DicomImage& image, const DicomFrame& frame) {
    const double levels = std::exp2(image.samples.bitsStored);
    return frame.slope * (image.samples.isSigned ? -1 : levels - 1) + 2 * frame.intercept;
}

void readDicomPixels(const DicomImage& image, std::int64_t frame, const PixelBox& box,
                     std::span<float> target, std::size_t channelStep, Damage& damage) {
    const StoredFrame stored = storedFrame(image, frame, box);
    addDamage(damage, stored.damage);
    if (image.samples.colour == DicomColour::Palette)
        return readPalette(image.palette, stored, box, target, channelStep);
    if (stored.samples.channels == 3)
        return readColours(stored, box, target, channelStep);
    const DicomFrame& scale = image.frames[static_cast<std::size_t>(frame)];
    const bool over = isTurnedOver(image);
    const double slope = over ? -scale.slope : scale.slope;
    const double intercept = over ? turnedOverSum(image, scale) - scale.intercept : scale.intercept;
    withSamples(stored, 0, [&](auto read) {
        eachPixel(stored, box, read, [&](std::size_t n, double value) {
            target[n] = static_cast<float>(slope * value + intercept);
        });
    });
}

}  // namespace denoscope
