// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/RawArray.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "engine/data/Pieces.h"

namespace denoscope {
namespace {

// IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits.
float fromHalf(std::uint16_t bits) {
    const int exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
    const float sign = bits & 0x8000 ? -1.0f : 1.0f;
    if (exponent == 0x1f)
        return fraction ? std::nanf("") : sign * INFINITY;
    return sign * (exponent == 0 ? std::ldexp(static_cast<float>(fraction), -24)
                                 : std::ldexp(static_cast<float>(fraction + 1024), exponent - 25));
}

template <class Stored, class Convert>
void decodeAs(std::span<const std::byte> source, const RawArray& raw, std::span<float> target,
              Convert convert) {
    const bool swap = raw.bigEndian != (std::endian::native == std::endian::big);
    for (std::size_t i = 0; i < target.size(); ++i) {
        std::array<std::byte, sizeof(Stored)> bytes;
        std::memcpy(bytes.data(), source.data() + i * sizeof(Stored), sizeof(Stored));
        if (swap)
            std::reverse(bytes.begin(), bytes.end());
        target[i] = static_cast<float>(raw.slope * convert(std::bit_cast<Stored>(bytes)) + raw.intercept);
    }
}

void decode(std::span<const std::byte> source, const RawArray& raw, std::span<float> target) {
    const auto number = [](auto value) { return static_cast<double>(value); };
    switch (raw.type.kind * 16 + raw.type.bytes) {
        case 'b' * 16 + 1:
            return decodeAs<std::uint8_t>(source, raw, target, [](auto v) { return v != 0 ? 1.0 : 0.0; });
        case 'u' * 16 + 1:
            return decodeAs<std::uint8_t>(source, raw, target, number);
        case 'u' * 16 + 2:
            return decodeAs<std::uint16_t>(source, raw, target, number);
        case 'u' * 16 + 4:
            return decodeAs<std::uint32_t>(source, raw, target, number);
        case 'u' * 16 + 8:
            return decodeAs<std::uint64_t>(source, raw, target, number);
        case 'i' * 16 + 1:
            return decodeAs<std::int8_t>(source, raw, target, number);
        case 'i' * 16 + 2:
            return decodeAs<std::int16_t>(source, raw, target, number);
        case 'i' * 16 + 4:
            return decodeAs<std::int32_t>(source, raw, target, number);
        case 'i' * 16 + 8:
            return decodeAs<std::int64_t>(source, raw, target, number);
        case 'f' * 16 + 2:
            return decodeAs<std::uint16_t>(source, raw, target, [](auto v) { return double{fromHalf(v)}; });
        case 'f' * 16 + 4:
            return decodeAs<float>(source, raw, target, number);
        case 'f' * 16 + 8:
            return decodeAs<double>(source, raw, target, number);
    }
}

// (..., W, C), given as (1, ..., W * C), to (C, ..., W).
Array separated(const Array& interleaved, std::int64_t channels, const Shape& size) {
    Array result{withChannels(channels, size), std::vector<float>(interleaved.values.size())};
    const std::size_t count =
        channels > 0 ? interleaved.values.size() / static_cast<std::size_t>(channels) : 0;
    for (std::size_t i = 0; i < interleaved.values.size(); ++i)
        result
            .values[i % static_cast<std::size_t>(channels) * count + i / static_cast<std::size_t>(channels)] =
            interleaved.values[i];
    return result;
}

Shape lastScaled(Shape shape, std::int64_t factor) {
    shape.back() *= factor;
    return shape;
}

}  // namespace

std::string toText(ScalarType type) {
    if (type.kind == 'b')
        return "bool";
    return fmt::format("{}{}",
                       type.kind == 'u'   ? "uint"
                       : type.kind == 'i' ? "int"
                                          : "float",
                       type.bytes * 8);
}

bool isKnown(ScalarType type) {
    const bool power = type.bytes == 1 || type.bytes == 2 || type.bytes == 4 || type.bytes == 8;
    switch (type.kind) {
        case 'b':
            return type.bytes == 1;
        case 'i':
        case 'u':
            return power;
        case 'f':
            return power && type.bytes > 1;
        default:
            return false;
    }
}

void readRun(const RawArray& raw, std::uint64_t first, std::span<float> target) {
    constexpr std::size_t chunk = 1 << 16;
    const auto width = static_cast<std::size_t>(raw.type.bytes);
    std::vector<std::byte> buffer(std::min(chunk, target.size()) * width);
    while (!target.empty()) {
        const std::size_t count = std::min(chunk, target.size());
        const std::span<std::byte> part(buffer.data(), count * width);
        raw.bytes->read(raw.offset + first * width, part);
        decode(part, raw, target.first(count));
        target = target.subspan(count);
        first += count;
    }
}

Array readPiece(const RawArray& raw, std::uint64_t first, const Shape& item, bool channelsLast,
                const Shape& start, const Shape& size) {
    if (channelsLast) {
        const std::int64_t channels = item.front();
        const Shape flat = withChannels(1, lastScaled(spatialExtents(item), channels));
        return separated(
            readPiece(raw, first, flat, false, lastScaled(start, channels), lastScaled(size, channels)),
            channels, size);
    }
    Array piece{withChannels(item.front(), size), {}};
    piece.values.resize(static_cast<std::size_t>(elementCount(piece.shape)));
    if (withChannels(item.front(), size) == item) {
        readRun(raw, first, piece.values);
        return piece;
    }
    const auto row = static_cast<std::size_t>(size.back());
    for (std::size_t done = 0; done < piece.values.size(); done += row) {
        // Where this row of the piece begins in the item: its index along every axis but the last.
        auto rest = static_cast<std::int64_t>(done / row);
        std::int64_t place = start.back(), stride = item.back();
        for (std::size_t axis = size.size() - 1; axis-- > 0;) {
            place += (start[axis] + rest % size[axis]) * stride;
            rest /= size[axis];
            stride *= item[axis + 1];
        }
        place += rest * stride;  // the channel
        readRun(raw, first + static_cast<std::uint64_t>(place), std::span(piece.values).subspan(done, row));
    }
    return piece;
}

}  // namespace denoscope
