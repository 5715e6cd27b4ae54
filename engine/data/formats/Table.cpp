// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Table.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <tuple>
#include <utility>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace {

constexpr std::size_t linesLookedAt = 100;

// "nan", "inf" and "-inf", as programs write such values.
std::optional<float> notFiniteIn(std::string_view cell) {
    const std::optional<double> value = parseWhole<double>(cell);
    return value && !std::isfinite(*value) ? std::optional(static_cast<float>(*value)) : std::nullopt;
}

bool isText(std::string_view cell, char decimal) {
    return !isMissingWord(cell) && !parseNumber(cell, decimal) && !parseMoment(cell) && !notFiniteIn(cell);
}

// "MLII (mV)", "MLII [mV]", "MLII_mV": the name and the unit.
std::pair<std::string, std::string> nameAndUnit(std::string_view text) {
    constexpr std::array units{"s",  "ms", "us", "ns", "min", "h",  "nV",
                               "uV", "mV", "V",  "mA", "A",   "Hz", "bpm"};
    const char last = text.empty() ? ' ' : text.back();
    if (last == ')' || last == ']') {
        const std::size_t open = text.rfind(last == ')' ? '(' : '[');
        if (open != std::string_view::npos && open > 0)
            return {shownName(text.substr(0, open)),
                    shownName(text.substr(open + 1, text.size() - open - 2))};
    }
    const std::size_t bar = text.rfind('_');
    if (bar != std::string_view::npos && bar > 0 &&
        std::ranges::find(units, text.substr(bar + 1)) != units.end())
        return {shownName(text.substr(0, bar)), shownName(text.substr(bar + 1))};
    return {shownName(text), {}};
}

// Some programs put a byte order mark before UTF-8.
std::string_view withoutMark(std::string_view text) {
    constexpr std::string_view mark = "\xef\xbb\xbf";
    return text.starts_with(mark) ? text.substr(mark.size()) : text;
}

class Parser {
public:
    Parser(std::string_view text, const std::string& file) : m_text(text), m_file(file) {}

    Table parse(std::uint64_t mostBytes) {
        readHeader();
        const std::size_t lines = static_cast<std::size_t>(std::ranges::count(m_text, '\n')) + 1;
        // Every value takes two bytes of text at least.
        m_most = std::min<std::uint64_t>(mostBytes / sizeof(float), m_text.size() / 2 + 1);
        m_table.values.reserve(
            std::min<std::uint64_t>(m_most, std::uint64_t{lines} * m_table.columns.size()));
        TableLines rows(m_text);
        std::string_view line;
        for (std::size_t skipped = 0; rows.next(line); ++skipped)
            if (skipped >= m_table.headerLines)
                readRow(line, rows.number(), mostBytes);
        if (m_table.rows == 0)
            fail("has no rows of numbers", "check that it is a table of numbers with one row per sample");
        return std::move(m_table);
    }

private:
    [[noreturn]] void fail(const std::string& what, const std::string& remedy) const {
        throw EngineError(what, m_file, remedy);
    }

    void requireText() const {
        if (m_text.starts_with("\xff\xfe") || m_text.starts_with("\xfe\xff"))
            fail("is text in UTF-16", "save it as UTF-8");
        if (m_text.substr(0, 4096).find('\0') != std::string_view::npos)
            fail("is not text", "name a table of numbers: CSV, TSV or columns between blanks");
    }

    void readHeader() {
        requireText();
        TableLines reader(m_text);
        std::vector<std::string_view> lines;
        std::string_view line, comment;
        while (lines.size() < linesLookedAt && reader.next(line)) {
            if (lines.empty())
                comment = reader.lastComment();
            lines.push_back(line);
        }
        if (lines.empty())
            fail("has no rows of numbers", "check that it is a table of numbers with one row per sample");
        m_table.dialect = findDialect(lines.size() > 1 ? std::vector(lines.begin() + 1, lines.end()) : lines);
        for (const std::string_view row : lines) {
            m_rows.emplace_back();
            splitCells(row, m_table.dialect.delimiter, m_rows.back());
        }
        requireNumbers();
        std::vector<std::string_view> named;
        splitCells(comment, m_table.dialect.delimiter, named);
        findNames(std::move(named));
    }

    // Prose has numbers in it, too. Two rows of them make a table, or one long one; where the rows are not
    // alike, or only blanks stand between the words, most cells below the names have to be numbers as well.
    void requireNumbers() const {
        constexpr std::size_t longRow = 16, mostNames = 2;
        std::size_t rows = 0, numbers = 0, texts = 0;
        bool alike = m_table.dialect.delimiter != ' ';
        for (std::size_t i = 0; i < m_rows.size(); ++i) {
            const auto isNumber = [&](std::string_view cell) {
                return parseNumber(cell, m_table.dialect.decimal) || parseMoment(cell) || notFiniteIn(cell);
            };
            const auto inRow = static_cast<std::size_t>(std::ranges::count_if(m_rows[i], isNumber));
            numbers += inRow;
            rows += inRow > 0 ? 1 : 0;
            alike = alike && m_rows[i].size() == m_rows.back().size();
            if (i >= mostNames || inRow > 0)
                texts += static_cast<std::size_t>(std::ranges::count_if(
                    m_rows[i], [&](std::string_view cell) { return isText(cell, m_table.dialect.decimal); }));
        }
        if ((rows < 2 && numbers <= longRow) || (!alike && texts >= numbers))
            fail("holds no table of numbers", "check that it is a table with one row per sample");
    }

    bool allText(const std::vector<std::string_view>& cells) const {
        return !cells.empty() && std::ranges::all_of(cells, [&](std::string_view cell) {
            return isMissingWord(cell) || isText(cell, m_table.dialect.decimal);
        }) && std::ranges::any_of(cells, [&](std::string_view cell) {
            return isText(cell, m_table.dialect.decimal);
        });
    }

    // Text above something that is not, or nothing but text.
    bool isHeader(const std::vector<std::string_view>& first) const {
        if (m_rows.size() > 1)
            for (std::size_t i = 0; i < std::min(first.size(), m_rows[1].size()); ++i)
                if (isText(first[i], m_table.dialect.decimal) &&
                    !isText(m_rows[1][i], m_table.dialect.decimal) && !isMissingWord(m_rows[1][i]))
                    return true;
        return allText(first);
    }

    void findNames(std::vector<std::string_view> comment) {
        std::vector<std::string_view> names, units;
        if (isHeader(m_rows.front())) {
            names = m_rows.front();
            m_table.headerLines = 1;
            if (m_rows.size() > 2 && allText(m_rows[1]) && !allText(m_rows[2])) {
                units = m_rows[1];
                m_table.headerLines = 2;
            }
        } else if (comment.size() == m_rows.front().size() && allText(comment)) {
            names = std::move(comment);
        }
        const std::size_t width = m_rows[std::min(m_table.headerLines, m_rows.size() - 1)].size();
        if (names.size() + 1 == width && !names.empty())  // the names of the rows have none
            names.insert(names.begin(), std::string_view());
        m_table.headed = !names.empty();
        m_table.columns.resize(width);
        for (std::size_t i = 0; i < std::min(width, names.size()); ++i) {
            std::tie(m_table.columns[i].name, m_table.columns[i].unit) = nameAndUnit(names[i]);
            if (i < units.size())
                m_table.columns[i].unit = shownName(units[i]);
        }
        m_rows.clear();
    }

    void readRow(std::string_view line, std::size_t number, std::uint64_t mostBytes) {
        splitCells(line, m_table.dialect.delimiter, m_cells);
        if (m_cells.size() != m_table.columns.size())
            fail(fmt::format("line {} has {}, but the first row has {}", number,
                             counted(m_cells.size(), "cell"), m_table.columns.size()),
                 "the file is damaged or cut short, or it is no table; export it again");
        if (m_table.values.size() + m_cells.size() > m_most)
            fail(fmt::format("holds more values than the {} MiB that are allowed", mostBytes >> 20),
                 "raise data.cache_mib, or store it as NPY");
        for (std::size_t i = 0; i < m_cells.size(); ++i) {
            TableColumn& column = m_table.columns[i];
            const std::optional<double> parsed = parseNumber(m_cells[i], m_table.dialect.decimal);
            float value = std::numeric_limits<float>::quiet_NaN();
            if (parsed && std::abs(*parsed) <= std::numeric_limits<float>::max()) {
                value = static_cast<float>(*parsed);
                column.low = column.numbers == 0 ? value : std::min(column.low, value);
                column.high = column.numbers == 0 ? value : std::max(column.high, value);
                ++column.numbers;
            } else if (const std::optional<float> special = notFiniteIn(m_cells[i])) {
                value = *special;
                ++column.notFinite;
            } else if (!isMissingWord(m_cells[i])) {
                ++column.words;
            }
            m_table.values.push_back(value);
        }
        ++m_table.rows;
    }

    std::string_view m_text;
    const std::string& m_file;
    Table m_table;
    std::uint64_t m_most = 0;                           // values
    std::vector<std::vector<std::string_view>> m_rows;  // the first lines
    std::vector<std::string_view> m_cells;
};

}  // namespace

Table parseTable(std::string_view text, const std::string& file, std::uint64_t mostBytes) {
    return Parser(withoutMark(text), file).parse(mostBytes);
}

void visitCells(std::string_view text, const Table& table, std::size_t column,
                const std::function<void(std::string_view)>& take) {
    TableLines lines(withoutMark(text));
    std::string_view line;
    std::vector<std::string_view> cells;
    for (std::size_t skipped = 0; lines.next(line); ++skipped)
        if (skipped >= table.headerLines) {
            splitCells(line, table.dialect.delimiter, cells);
            take(cells.at(column));
        }
}

bool isMissingWord(std::string_view cell) {
    constexpr std::array words{"", "nan", "na", "n/a", "null", "none", "?", "-", "inf", "-inf"};
    return cell.size() <= 4 && std::ranges::find(words, lowered(cell)) != words.end();
}

}  // namespace denoscope
