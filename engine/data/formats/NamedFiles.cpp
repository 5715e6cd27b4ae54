// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/NamedFiles.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/HeaderText.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

constexpr std::int64_t mostFiles = 65536;

fs::path fileBeside(const fs::path& header, std::string_view named) {
    if (named.starts_with("./"))
        named.remove_prefix(2);
    if (named.empty() || named == "." || named == ".." ||
        named.find_first_of("/\\") != std::string_view::npos || named.find('\0') != std::string_view::npos)
        throw EngineError(
            fmt::format("names '{}' as the file of its values, which lies outside its own folder",
                        shownName(named)),
            header.string(), "put the values beside the header and correct the name in it");
    const fs::path file = header.parent_path() / fs::path(named);
    std::error_code reason;
    if (!fs::is_regular_file(file, reason))
        throw EngineError(fmt::format("the file '{}' with its values is missing", shownName(named)),
                          header.string(), "put it beside the header");
    return file;
}

// "scan%03d.raw" for first, first + step, ... last.
std::vector<fs::path> series(const fs::path& header, std::string_view pattern, std::int64_t first,
                             std::int64_t last, std::int64_t step) {
    const auto fail = [&](const std::string& what) {
        throw EngineError(what, header.string(), "correct the list of files in the header");
    };
    const std::size_t percent = pattern.find('%');
    const std::size_t letter =
        percent == std::string_view::npos ? percent : pattern.find_first_not_of("0123456789", percent + 1);
    if (letter == std::string_view::npos ||
        std::string_view("diu").find(pattern[letter]) == std::string_view::npos ||
        pattern.find('%', letter) != std::string_view::npos || letter - percent > 3)
        fail(fmt::format("'{}' is no pattern of file names such as scan%03d.raw", shownName(pattern)));
    constexpr std::int64_t far = 1'000'000'000;
    const bool sensible = std::ranges::all_of(
        std::array{first, last, step}, [](std::int64_t number) { return number > -far && number < far; });
    if (step == 0 || !sensible || (step > 0 ? last < first : last > first) ||
        (last - first) / step >= mostFiles)
        fail(fmt::format("the files {} to {} by {} are no series", first, last, step));
    const std::string_view digits = pattern.substr(percent + 1, letter - percent - 1);
    const int width = static_cast<int>(parseWhole<std::int64_t>(digits).value_or(0));
    std::vector<fs::path> files;
    for (std::int64_t i = first; step > 0 ? i <= last : i >= last; i += step)
        files.push_back(
            fileBeside(header, fmt::format("{}{}{}", pattern.substr(0, percent),
                                           digits.starts_with('0') ? fmt::format("{:0{}}", i, width)
                                                                   : fmt::format("{:{}}", i, width),
                                           pattern.substr(letter + 1))));
    return files;
}

}  // namespace

std::vector<fs::path> namedFiles(const fs::path& header, std::string_view named,
                                 const std::vector<std::string>& listed) {
    const auto fail = [&](const std::string& what) {
        throw EngineError(what, header.string(), "correct the list of files in the header");
    };
    if (named.starts_with("LIST")) {
        if (listed.empty())
            fail("lists no files");
        std::vector<fs::path> files;
        for (const std::string& file : listed)
            files.push_back(fileBeside(header, file));
        return files;
    }
    const std::vector<std::string_view> parts = words(named);
    if (parts.size() < 3 || parts.front().find('%') == std::string_view::npos)
        return {fileBeside(header, named)};
    std::array<std::int64_t, 3> numbers{0, 0, 1};
    for (std::size_t i = 0; i < numbers.size() && i + 1 < parts.size(); ++i)
        if (const auto number = parseWhole<std::int64_t>(parts[i + 1]))
            numbers[i] = *number;
        else
            fail(fmt::format("has no series of files in '{}'", shownName(named)));
    return series(header, parts.front(), numbers[0], numbers[1], numbers[2]);
}

}  // namespace denoscope
