// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/RawArray.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <stdexcept>

#include "engine/api/Error.h"
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
        default:
            throw std::logic_error("numbers are read as a type that isKnown() refuses");
    }
}

// Calls visit(place in the file, place in the piece) for every index, the first axis running fastest.
template <class Visit>
void walk(std::span<const Stride> axes, const Visit& visit) {
    std::vector<std::int64_t> index(axes.size());
    std::int64_t file = 0, piece = 0;
    std::size_t axis = 0;
    do {
        visit(file, piece);
        for (axis = 0; axis < axes.size(); ++axis) {
            file += axes[axis].file;
            piece += axes[axis].piece;
            if (++index[axis] < axes[axis].count)
                break;
            file -= axes[axis].count * axes[axis].file;
            piece -= axes[axis].count * axes[axis].piece;
            index[axis] = 0;
        }
    } while (axis < axes.size());
}

std::int64_t reach(const Stride& axis) {
    return (axis.count - 1) * axis.file;
}

// Of axes in ascending order those that one run through the file covers; `run` is its length.
std::size_t axesOfOneRun(const std::vector<Stride>& axes, std::int64_t most, std::int64_t& run) {
    run = 1;
    std::size_t inner = 0;
    for (; inner < axes.size(); ++inner) {
        const bool gaps = inner > 0 && axes[inner].file > 2 * run;  // more skipped than used
        if (gaps || (inner > 0 && run + reach(axes[inner]) > most))
            break;
        run += reach(axes[inner]);
    }
    return inner;
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

std::int64_t claimedCount(const Shape& shape, const std::string& name) {
    try {
        return elementCount(shape);
    } catch (const EngineError& error) {
        throw EngineError(error.error().what, name, error.error().remedy);
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

void readStrided(const RawArray& raw, std::uint64_t first, std::vector<Stride> axes,
                 std::span<float> target) {
    constexpr std::int64_t most = 1 << 20;  // values that one run may hold besides the piece
    std::erase_if(axes, [](const Stride& axis) { return axis.count == 1; });
    std::ranges::sort(axes, {}, &Stride::file);
    if (!axes.empty() && axes.front().file > 1 && reach(axes.front()) > most) {
        const std::int64_t half = axes.front().count / 2;
        const Stride all = axes.front();
        axes.front().count = half;
        readStrided(raw, first, axes, target);
        axes.front().count = all.count - half;
        readStrided(raw, first + static_cast<std::uint64_t>(half * all.file), axes,
                    target.subspan(static_cast<std::size_t>(half * all.piece)));
        return;
    }
    std::int64_t run = 1, values = 1;
    const std::size_t inner = axesOfOneRun(axes, most, run);
    const std::span<const Stride> within(axes.data(), inner),
        around(axes.data() + inner, axes.size() - inner);
    bool straight = true;
    for (const Stride& axis : within) {
        values *= axis.count;
        straight = straight && axis.file == axis.piece;
    }
    straight = straight && values == run;
    std::vector<float> buffer(straight ? 0 : static_cast<std::size_t>(run));
    walk(around, [&](std::int64_t file, std::int64_t piece) {
        const std::span<float> to = target.subspan(static_cast<std::size_t>(piece));
        const std::uint64_t from = first + static_cast<std::uint64_t>(file);
        if (straight)
            return readRun(raw, from, to.first(static_cast<std::size_t>(run)));
        readRun(raw, from, buffer);
        walk(within, [&](std::int64_t source, std::int64_t place) {
            to[static_cast<std::size_t>(place)] = buffer[static_cast<std::size_t>(source)];
        });
    });
}

Array readPiece(const RawArray& raw, std::uint64_t first, const Shape& item, bool channelsLast,
                const Shape& start, const Shape& size) {
    const std::int64_t channels = item.front();
    Array piece{withChannels(channels, size), {}};
    piece.values.resize(static_cast<std::size_t>(elementCount(piece.shape)));
    if (piece.values.empty())
        return piece;
    std::vector<Stride> axes;
    std::int64_t file = channelsLast ? channels : 1, inPiece = 1;
    for (std::size_t axis = size.size(); axis-- > 0;) {
        axes.push_back({size[axis], file, inPiece});
        first += static_cast<std::uint64_t>(start[axis] * file);
        file *= item[axis + 1];
        inPiece *= size[axis];
    }
    axes.push_back({channels, channelsLast ? 1 : file, inPiece});
    readStrided(raw, first, std::move(axes), piece.values);
    return piece;
}

}  // namespace denoscope
