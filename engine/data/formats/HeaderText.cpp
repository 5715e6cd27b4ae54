// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/HeaderText.h"

#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "engine/api/Error.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace {

constexpr std::string_view blanks = " \t\r\n\v\f";

template <class Parse>
auto allNumbers(std::string_view text, const std::string& field, const std::string& name,
                const Parse& parse) {
    std::vector<typename decltype(parse(text))::value_type> numbers;
    for (const std::string_view word : words(text)) {
        const auto number = parse(word);
        if (!number)
            throw EngineError(
                fmt::format("says '{}' where its field '{}' has to hold numbers", shownName(word), field),
                name, "correct the header, or export the file again");
        numbers.push_back(*number);
    }
    return numbers;
}

}  // namespace

std::string headerText(const std::filesystem::path& path) {
    constexpr std::uint64_t most = 1 << 20;
    std::string text(static_cast<std::size_t>(std::min(most, fileSize(path))), '\0');
    openBytes(path)->read(0, std::as_writable_bytes(std::span(text)));
    return text;
}

std::optional<std::string_view> nextLine(std::string_view text, std::size_t& position) {
    if (position >= text.size())
        return std::nullopt;
    const std::size_t end = std::min(text.find('\n', position), text.size());
    std::string_view line = text.substr(position, end - position);
    position = end + 1;
    if (line.ends_with('\r'))
        line.remove_suffix(1);
    return line;
}

std::size_t lineAt(std::string_view text, std::size_t position) {
    const std::string_view before = text.substr(0, std::min(position, text.size()));
    return static_cast<std::size_t>(std::ranges::count(before, '\n')) + (before.ends_with('\n') ? 0 : 1);
}

std::vector<std::string_view> words(std::string_view text) {
    std::vector<std::string_view> found;
    while (!(text = trimmed(text)).empty()) {
        const std::size_t end = std::min(text.find_first_of(blanks), text.size());
        found.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return found;
}

std::vector<double> numbersIn(std::string_view text, const std::string& field, const std::string& name) {
    return allNumbers(text, field, name, [](std::string_view word) { return parseNumber(word); });
}

std::vector<std::int64_t> integersIn(std::string_view text, const std::string& field,
                                     const std::string& name) {
    return allNumbers(text, field, name, parseWhole<std::int64_t>);
}

std::vector<std::int64_t> extentsIn(std::string_view text, const std::string& field,
                                    const std::string& name) {
    const std::vector<std::int64_t> extents = integersIn(text, field, name);
    for (const std::int64_t extent : extents)
        if (extent < 1)
            throw EngineError(fmt::format("claims {} values along an axis in its field '{}'", extent, field),
                              name, "correct the header, or export the file again");
    return extents;
}

}  // namespace denoscope
