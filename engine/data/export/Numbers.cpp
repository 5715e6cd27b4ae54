// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/Numbers.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>

namespace denoscope {
namespace {

constexpr std::array integers{ScalarType{'b', 1}, ScalarType{'u', 1}, ScalarType{'i', 1}, ScalarType{'u', 2},
                              ScalarType{'i', 2}, ScalarType{'u', 4}, ScalarType{'i', 4}};

template <class Stored>
void append(std::span<const float> values, std::string& bytes) {
    const std::size_t start = bytes.size();
    bytes.resize(start + values.size() * sizeof(Stored));
    char* to = bytes.data() + start;
    for (const float value : values) {
        const auto stored = static_cast<Stored>(value);
        std::memcpy(to, &stored, sizeof stored);
        to += sizeof stored;
    }
}

}  // namespace

std::optional<ScalarType> integerNamed(const std::string& dtype) {
    for (const ScalarType type : integers)
        if (toText(type) == dtype)
            return type;
    return std::nullopt;
}

bool holdsAll(ScalarType integer, std::span<const float> values) {
    const int bits = integer.kind == 'b'   ? 1
                     : integer.kind == 'i' ? 8 * integer.bytes - 1
                                           : 8 * integer.bytes;
    const double above = std::ldexp(1.0, bits), low = integer.kind == 'i' ? -above : 0;
    return std::ranges::all_of(
        values, [&](float value) { return value >= low && value < above && value == std::floor(value); });
}

double shareOf(double value, double low, double high) {
    const double share = (value - low) / (high - low);
    return share > 0 ? std::min(share, 1.0) : 0.0;
}

void appendAs(ScalarType type, std::span<const float> values, std::string& bytes) {
    const bool isSigned = type.kind == 'i';
    if (type.kind == 'f')
        append<float>(values, bytes);
    else if (type.bytes == 1)
        isSigned ? append<std::int8_t>(values, bytes) : append<std::uint8_t>(values, bytes);
    else if (type.bytes == 2)
        isSigned ? append<std::int16_t>(values, bytes) : append<std::uint16_t>(values, bytes);
    else
        isSigned ? append<std::int32_t>(values, bytes) : append<std::uint32_t>(values, bytes);
}

}  // namespace denoscope
