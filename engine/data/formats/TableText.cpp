// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/TableText.h"

#include <algorithm>
#include <array>
#include <chrono>

#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace {

bool isQuote(char c) {
    return c == '"' || c == '\'';
}

// Cuts the next cell off the line. A quoted one may hold the delimiter, and its own quote doubled.
std::string_view cutCell(std::string_view& line, char delimiter) {
    const std::size_t begin = std::min(line.find_first_not_of(' '), line.size());
    std::size_t from = 0;
    if (begin < line.size() && isQuote(line[begin])) {
        std::size_t close = line.find(line[begin], begin + 1);
        while (close != std::string_view::npos && close + 1 < line.size() && line[close + 1] == line[begin])
            close = line.find(line[begin], close + 2);
        from = close == std::string_view::npos ? 0 : close + 1;
    }
    const std::size_t end = line.find(delimiter, from);
    std::string_view cell = trimmed(line.substr(0, end));
    line.remove_prefix(end == std::string_view::npos ? line.size() : end + 1);
    if (cell.size() >= 2 && isQuote(cell.front()) && cell.back() == cell.front())
        cell = trimmed(cell.substr(1, cell.size() - 2));
    return cell;
}

// Whole numbers between single separators: "2021-05-01". Not `count` of them: nothing.
template <std::size_t count>
std::optional<std::array<int, count>> wholes(std::string_view text, char separator) {
    const std::vector<std::string_view> parts = splitAt(text, separator);
    std::array<int, count> values{};
    if (parts.size() != count)
        return std::nullopt;
    for (std::size_t i = 0; i < count; ++i) {
        const auto value = parseWhole<unsigned short>(parts[i]);
        if (!value)
            return std::nullopt;
        values[i] = *value;
    }
    return values;
}

// h:mm:ss.fff or mm:ss.fff
std::optional<double> timeOfDay(std::string_view text) {
    const std::vector<std::string_view> parts = splitAt(text, ':');
    if (parts.size() < 2 || parts.size() > 3)
        return std::nullopt;
    double seconds = 0;
    for (std::size_t i = 0; i < parts.size(); ++i) {
        const std::optional<double> value = parseNumber(parts[i]);
        if (!value || *value < 0 || (i + 1 < parts.size() && !parseWhole<unsigned>(parts[i])))
            return std::nullopt;
        seconds = seconds * 60 + *value;
    }
    return seconds;
}

// "Z", "+02:00", "-0530": seconds east of Greenwich; cut off the text.
double cutZone(std::string_view& text) {
    if (text.ends_with('Z')) {
        text.remove_suffix(1);
        return 0;
    }
    const std::size_t sign = text.find_last_of("+-");
    if (sign == std::string_view::npos)
        return 0;
    std::string digits;
    for (const char c : text.substr(sign + 1))
        if (c != ':')
            digits += c;
    const auto zone = parseWhole<unsigned>(digits);
    if (!zone || (digits.size() != 4 && digits.size() != 2))
        return 0;
    const unsigned minutes = digits.size() == 4 ? *zone / 100 * 60 + *zone % 100 : *zone * 60;
    const double seconds = minutes * 60.0;
    const bool west = text[sign] == '-';
    text = text.substr(0, sign);
    return west ? -seconds : seconds;
}

struct Score {
    double share = -1;      // of cells that are numbers, moments or empty
    std::size_t cells = 0;  // in the usual line
};

// Cells that say something, counted over lines that have the usual number of cells.
Score scoreOf(const std::vector<std::string_view>& lines, TableDialect dialect) {
    std::vector<std::string_view> cells;
    std::vector<std::size_t> counts;
    std::size_t good = 0, all = 0;
    for (const std::string_view line : lines) {
        splitCells(line, dialect.delimiter, cells);
        counts.push_back(cells.size());
        all += cells.size();
        good += static_cast<std::size_t>(std::ranges::count_if(cells, [&](std::string_view cell) {
            return cell.empty() || parseNumber(cell, dialect.decimal) || parseMoment(cell);
        }));
    }
    std::ranges::sort(counts);
    const std::size_t usual = counts[counts.size() / 2];
    const auto fitting = static_cast<double>(std::ranges::count(counts, usual));
    return {
        static_cast<double>(good) / static_cast<double>(all) * fitting / static_cast<double>(counts.size()),
        usual};
}

}  // namespace

bool TableLines::next(std::string_view& line) {
    while (!m_rest.empty()) {
        const std::size_t end = m_rest.find('\n');
        line = m_rest.substr(0, end);
        m_rest.remove_prefix(end == std::string_view::npos ? m_rest.size() : end + 1);
        ++m_number;
        if (line.ends_with('\r'))
            line.remove_suffix(1);
        const std::string_view content = trimmed(line);
        if (content.empty())
            continue;
        if (content.front() != '#' && content.front() != '%')
            return true;
        m_comment = trimmed(content.substr(1));
    }
    return false;
}

void splitCells(std::string_view line, char delimiter, std::vector<std::string_view>& cells) {
    cells.clear();
    if (delimiter != ' ') {
        const bool open = line.ends_with(delimiter);  // an empty cell follows
        while (!line.empty())
            cells.push_back(cutCell(line, delimiter));
        if (open)
            cells.emplace_back();
        return;
    }
    for (std::size_t at = 0; (at = line.find_first_not_of(" \t", at)) != std::string_view::npos;) {
        const std::size_t end = std::min(line.find_first_of(" \t", at), line.size());
        cells.push_back(line.substr(at, end - at));
        at = end;
    }
}

std::optional<double> parseMoment(std::string_view text) {
    if (text.size() < 4 || text.find_first_of("-:") == std::string_view::npos)
        return std::nullopt;
    if (const std::optional<double> time = timeOfDay(text))
        return time;
    const std::size_t dateEnd = std::min(text.find_first_of("T "), text.size());
    const auto date = wholes<3>(text.substr(0, dateEnd), '-');
    if (!date)
        return std::nullopt;
    const std::chrono::year_month_day day{std::chrono::year((*date)[0]),
                                          std::chrono::month(static_cast<unsigned>((*date)[1])),
                                          std::chrono::day(static_cast<unsigned>((*date)[2]))};
    if (!day.ok())
        return std::nullopt;
    const double seconds =
        static_cast<double>(std::chrono::sys_days(day).time_since_epoch().count()) * 86400.0;
    if (dateEnd == text.size())
        return seconds;
    std::string_view rest = trimmed(text.substr(dateEnd + 1));
    const double east = cutZone(rest);
    const std::optional<double> time = timeOfDay(trimmed(rest));
    return time ? std::optional(seconds + *time - east) : std::nullopt;
}

TableDialect findDialect(const std::vector<std::string_view>& lines) {
    TableDialect best;
    Score most;
    for (const TableDialect dialect :
         {TableDialect{'\t', '.'}, TableDialect{';', '.'}, TableDialect{',', '.'}, TableDialect{' ', '.'},
          TableDialect{'\t', ','}, TableDialect{';', ','}, TableDialect{' ', ','}}) {
        const Score score = scoreOf(lines, dialect);
        if (dialect.decimal == ',' && score.cells == 1)
            continue;  // rather a damaged table with commas between its cells
        if (score.share > most.share || (score.share == most.share && score.cells > most.cells)) {
            most = score;
            best = dialect;
        }
    }
    return best;
}

}  // namespace denoscope
