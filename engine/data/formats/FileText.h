// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers and names out of text files, the same in every locale.
#pragma once

#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

std::string_view trimmed(std::string_view text);  // without blanks at both ends
std::vector<std::string_view> splitAt(std::string_view text, char separator);
std::string lowered(std::string_view text);  // ASCII letters only

// A finite number that fills the text; a plus sign in front is allowed. `decimal`: '.' or ','.
std::optional<double> parseNumber(std::string_view text, char decimal = '.');

template <class Whole>
std::optional<Whole> parseWhole(std::string_view text) {
    Whole value{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
        return std::nullopt;
    return value;
}

// The name of a channel as it may be shown: valid UTF-8 without control characters, at most 80 bytes. Bytes
// that are no UTF-8 become '?', but for the micro and degree signs of Latin-1.
std::string shownName(std::string_view text);

}  // namespace denoscope
