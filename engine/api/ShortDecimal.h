// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <charconv>
#include <cmath>

namespace denoscope {

// The decimal number that a 32-bit one in a file was meant as: 2.715, not 2.7149999141693115. Whole numbers
// and those that never were 32-bit ones stay as they are.
inline double shortDecimal(double value) {
    if (!(std::abs(value) < 1e38) || value == std::trunc(value) ||
        static_cast<double>(static_cast<float>(value)) != value)
        return value;
    std::array<char, 32> text{};
    double decimal = value;
    const auto written = std::to_chars(text.data(), text.data() + text.size(), static_cast<float>(value));
    std::from_chars(text.data(), written.ptr, decimal);
    return decimal;
}

}  // namespace denoscope
