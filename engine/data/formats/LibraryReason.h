// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

namespace denoscope {

// What a library says, as a quotation: `libpng says "bad CRC"`. Nothing where it says nothing.
inline std::string quoted(std::string_view library, std::string_view reason) {
    constexpr std::string_view around = " .:\r\n\t";
    const std::size_t first = reason.find_first_not_of(around);
    if (first == std::string_view::npos)
        return {};
    reason = reason.substr(first, reason.find_last_not_of(around) - first + 1);
    return fmt::format("{} says \"{}\"", library, reason);
}

// The same of a failure, to follow our own words: `: libpng says "bad CRC"`.
inline std::string librarySays(std::string_view library, std::string_view reason) {
    const std::string quotation = quoted(library, reason);
    return quotation.empty() ? quotation : ": " + quotation;
}

}  // namespace denoscope
