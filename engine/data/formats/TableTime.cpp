// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/TableTime.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace {

bool isTimeName(const std::string& name) {
    constexpr std::array whole{"t", "s", "sec", "secs", "second", "seconds", "ms", "milliseconds", "us"};
    constexpr std::array starts{"time", "date", "elapsed", "zeit", "\xe6\x97\xb6\xe9\x97\xb4"};
    return std::ranges::find(whole, name) != whole.end() ||
           std::ranges::any_of(starts, [&](const char* start) { return name.starts_with(start); });
}

bool isIndexName(const std::string& name) {
    constexpr std::array words{"",  "index", "sample", "samples", "sample #",
                               "#", "n",     "row",    "frame",   "unnamed: 0"};
    return std::ranges::find(words, name) != words.end();
}

// What one unit of a time column is in seconds.
double secondsPerUnit(const TableColumn& column, double first) {
    struct Unit {
        std::string_view name;
        double seconds;
    };
    constexpr std::array units{Unit{"ms", 1e-3}, Unit{"msec", 1e-3},      Unit{"milliseconds", 1e-3},
                               Unit{"us", 1e-6}, Unit{"\xc2\xb5s", 1e-6}, Unit{"microseconds", 1e-6},
                               Unit{"ns", 1e-9}, Unit{"min", 60},         Unit{"minutes", 60},
                               Unit{"h", 3600},  Unit{"hours", 3600},     Unit{"days", 86400},
                               Unit{"s", 1},     Unit{"sec", 1},          Unit{"seconds", 1}};
    for (const std::string& text : {lowered(column.unit), lowered(column.name)})
        for (const Unit& unit : units)
            if (text == unit.name)
                return unit.seconds;
    // Since 1970, in seconds, thousandths and so on.
    return first > 1e17 ? 1e-9 : first > 1e14 ? 1e-6 : first > 1e11 ? 1e-3 : 1;
}

// How the times of a column follow each other, in seconds.
struct Steps {
    std::size_t count = 0;  // of times; 0 where a cell is neither a number nor a moment
    double first = 0, last = 0;
    double least = std::numeric_limits<double>::infinity(), most = 0;

    bool rise() const { return count > 1 && least > 0; }
    double mean() const { return (last - first) / static_cast<double>(count - 1); }
};

Steps stepsOf(std::string_view text, const Table& table, std::size_t column) {
    Steps steps;
    bool readable = true;
    double scale = 0;
    visitCells(text, table, column, [&](std::string_view cell) {
        std::optional<double> time = parseNumber(cell, table.dialect.decimal);
        if (time) {
            scale = scale == 0 ? secondsPerUnit(table.columns[column], *time) : scale;
            time = *time * scale;
        } else {
            time = parseMoment(cell);
        }
        readable = readable && time;
        if (!readable)
            return;
        if (steps.count++ == 0) {
            steps.first = *time;
        } else {
            steps.least = std::min(steps.least, *time - steps.last);
            steps.most = std::max(steps.most, *time - steps.last);
        }
        steps.last = *time;
    });
    return readable ? steps : Steps{};
}

// Times are often rounded: a rate within 0.01 % of a whole number is that number.
double rateOf(double step) {
    const double rate = 1 / step, whole = std::round(rate);
    return whole > 0 && std::abs(rate - whole) < 1e-4 * whole ? whole : rate;
}

std::string shown(const Table& table, std::size_t column) {
    const std::string& name = table.columns[column].name;
    return name.empty() ? fmt::format("column {}", column + 1) : "'" + name + "'";
}

TableTime timeFrom(std::string_view text, const Table& table, std::size_t column) {
    TableTime time{column, 0, {}};
    const Steps steps = stepsOf(text, table, column);
    if (!steps.rise()) {
        time.notes.push_back(
            fmt::format("The times in {} do not rise from row to row, so no sample rate is taken from them.",
                        shown(table, column)));
        return time;
    }
    time.rate = rateOf(steps.mean());
    time.notes.push_back(
        fmt::format("The sample rate {:.6g} Hz comes from {}.", time.rate, shown(table, column)));
    if (steps.most - steps.least > 0.5 * steps.mean())
        time.notes.push_back(fmt::format(
            "The steps in {} vary from {:.4g} to {:.4g} s; the samples are taken as evenly spaced.",
            shown(table, column), steps.least, steps.most));
    return time;
}

// A first column without a name that rises evenly: the time, or the number of the row.
TableTime unnamedTime(std::string_view text, const Table& table) {
    constexpr std::size_t fewest = 8;  // rows by which one can tell
    const Steps steps = table.rows >= fewest ? stepsOf(text, table, 0) : Steps{};
    if (!steps.rise() || steps.most > 1.01 * steps.least)
        return {};
    if (steps.least == 1 && steps.most == 1)
        return {0, 0, {"The first column counts the rows and is left out."}};
    return timeFrom(text, table, 0);
}

}  // namespace

TableTime findTime(std::string_view text, const Table& table) {
    if (table.columns.size() < 2)
        return {};
    if (!table.headed)
        return unnamedTime(text, table);
    for (std::size_t i = 0; i < table.columns.size(); ++i)
        if (isTimeName(lowered(table.columns[i].name)))
            return timeFrom(text, table, i);
    if (isIndexName(lowered(table.columns.front().name)))
        return unnamedTime(text, table);
    return {};
}

}  // namespace denoscope
