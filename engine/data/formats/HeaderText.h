// SPDX-License-Identifier: GPL-3.0-or-later
// Words and numbers of headers that are written as text; the same in every locale.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

// The first bytes of a file, at most 1 MiB: more than any honest header needs.
std::string headerText(const std::filesystem::path& path);

// The line that begins at `position`, without its end, and moves behind it; nothing where the text is over.
std::optional<std::string_view> nextLine(std::string_view text, std::size_t& position);

// The number of the line that ends before `position`, for messages: what it says may be somebody's name.
std::size_t lineAt(std::string_view text, std::size_t position);

std::vector<std::string_view> words(std::string_view text);  // parted by blanks

// All words as numbers; throws EngineError that names the file, the field and the first word that is none.
std::vector<double> numbersIn(std::string_view text, const std::string& field, const std::string& name);
std::vector<std::int64_t> integersIn(std::string_view text, const std::string& field,
                                     const std::string& name);

// Whole numbers all of which are above 0, as extents are; throws EngineError.
std::vector<std::int64_t> extentsIn(std::string_view text, const std::string& field, const std::string& name);

}  // namespace denoscope
