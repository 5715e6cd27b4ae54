// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/FileText.h"

#include <algorithm>
#include <array>
#include <cmath>

namespace denoscope {
namespace {

// How many bytes the UTF-8 character at the beginning has; 0 where there is none.
std::size_t characterLength(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char first = byte(0);
    const std::size_t length = first < 0x80                    ? 1
                               : first >= 0xc2 && first < 0xe0 ? 2
                               : first >= 0xe0 && first < 0xf0 ? 3
                               : first >= 0xf0 && first < 0xf5 ? 4
                                                               : 0;
    if (length == 0 || length > text.size())
        return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xc0) != 0x80)
            return 0;
    // Over-long forms, surrogates and what lies beyond Unicode.
    if (length > 2) {
        const unsigned char second = byte(1);
        if ((first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
            (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f))
            return 0;
    }
    return length;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n\f\v";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos)
        return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

std::vector<std::string_view> splitAt(std::string_view text, char separator) {
    std::vector<std::string_view> parts;
    while (true) {
        const std::size_t end = text.find(separator);
        parts.push_back(text.substr(0, end));
        if (end == std::string_view::npos)
            return parts;
        text.remove_prefix(end + 1);
    }
}

std::string lowered(std::string_view text) {
    std::string result(text);
    std::ranges::transform(result, result.begin(), [](char c) {
        return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    });
    return result;
}

std::optional<double> parseNumber(std::string_view text, char decimal) {
    if (text.starts_with('+') && text.size() > 1 && text[1] != '-')
        text.remove_prefix(1);
    std::array<char, 64> buffer;
    if (decimal != '.') {
        if (text.size() > buffer.size() || text.find('.') != std::string_view::npos)
            return std::nullopt;
        std::ranges::replace_copy(text, buffer.begin(), decimal, '.');
        text = {buffer.data(), text.size()};
    }
    const std::optional<double> value = parseWhole<double>(text);
    return value && std::isfinite(*value) ? value : std::nullopt;
}

std::string shownName(std::string_view text) {
    constexpr std::size_t longest = 80;
    std::string result;
    for (text = trimmed(text); !text.empty();) {
        const std::size_t length = std::max<std::size_t>(1, characterLength(text));
        const auto first = static_cast<unsigned char>(text.front());
        std::string character(text.substr(0, length));
        if (characterLength(text) == 0)
            character = first == 0xb5 ? "\xc2\xb5" : first == 0xb0 ? "\xc2\xb0" : "?";
        else if (first < ' ' || first == 0x7f)
            character = "?";
        if (result.size() + character.size() > longest)
            break;
        result += character;
        text.remove_prefix(length);
    }
    return result;
}

}  // namespace denoscope
