// SPDX-License-Identifier: GPL-3.0-or-later
// How the text of a table is cut into cells and what a cell can be.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace denoscope {

struct TableDialect {
    char delimiter = ',';  // ',', ';', tab, or ' ' for any run of blanks
    char decimal = '.';    // or ','
};

// The lines that hold cells: neither empty nor comments (#, %). Their order is that of the file.
class TableLines {
public:
    explicit TableLines(std::string_view text) : m_rest(text) {}

    bool next(std::string_view& line);
    std::size_t number() const { return m_number; }             // of the last line in the file, from 1 on
    std::string_view lastComment() const { return m_comment; }  // of those passed, without its mark

private:
    std::string_view m_rest, m_comment;
    std::size_t m_number = 0;
};

// The cells of a line, trimmed and without their quotes.
void splitCells(std::string_view line, char delimiter, std::vector<std::string_view>& cells);

// Seconds of an ISO date with or without a time of day and a zone, or of a time of day (h:mm:ss, mm:ss).
std::optional<double> parseMoment(std::string_view text);

// The delimiter and decimal sign under which most cells of the lines are numbers.
TableDialect findDialect(const std::vector<std::string_view>& lines);

}  // namespace denoscope
