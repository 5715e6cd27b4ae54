// SPDX-License-Identifier: GPL-3.0-or-later
// Tables of numbers as text (CSV, TSV, columns between blanks), as they stand in the file.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/data/formats/TableText.h"

namespace denoscope {

struct TableColumn {
    std::string name, unit;  // of the header; may be empty
    // Cells that are finite numbers, that say nan or inf, and that are words; all others stand for nothing.
    std::size_t numbers = 0, notFinite = 0, words = 0;
    float low = 0, high = 0;  // of the numbers
};

struct Table {
    TableDialect dialect;
    std::size_t headerLines = 0;  // before the first row, comments and empty lines not counted
    std::vector<TableColumn> columns;
    std::size_t rows = 0;
    std::vector<float> values;  // (rows, columns); NaN where a cell is neither a number nor infinite

    bool headed = false;  // the columns have names
};

// Throws EngineError naming `file` and the line: no text, no rows, rows of different lengths, more values
// than `mostBytes` hold.
Table parseTable(std::string_view text, const std::string& file, std::uint64_t mostBytes);

// Calls take(cell) for every cell of one column as text, for what a float cannot hold.
void visitCells(std::string_view text, const Table& table, std::size_t column,
                const std::function<void(std::string_view)>& take);

// Whether such a cell stands for a value that is not there.
bool isMissingWord(std::string_view cell);

}  // namespace denoscope
