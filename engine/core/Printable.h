// SPDX-License-Identifier: GPL-3.0-or-later
// Text of unknown origin inside messages: short, and without anything that could steer a terminal.
#pragma once

#include <string>
#include <string_view>

namespace denoscope {

inline bool isPrintable(char character) {
    return character >= ' ' && character < '\x7f';
}

inline std::string printable(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string result;
    for (const char character : text.substr(0, longest))
        result += isPrintable(character) ? character : '?';
    return text.size() > longest ? result + "..." : result;
}

inline std::string inQuotes(std::string_view text) {
    return "'" + printable(text) + "'";
}

}  // namespace denoscope
