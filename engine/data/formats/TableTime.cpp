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

// In seconds; empty where a cell is neither a number nor a moment.
std::vector<double> timesOf(std::string_view text, const Table& table, std::size_t column) {
    std::vector<double> times;
    double scale = 0;
    for (const std::string_view cell : cellsOf(text, table, column)) {
        if (const std::optional<double> number = parseNumber(cell, table.dialect.decimal)) {
            if (scale == 0)
                scale = secondsPerUnit(table.columns[column], *number);
            times.push_back(*number * scale);
        } else if (const std::optional<double> moment = parseMoment(cell)) {
            times.push_back(*moment);
        } else {
            return {};
        }
    }
    return times;
}

struct Steps {
    double least = std::numeric_limits<double>::infinity(), most = 0, mean = 0;
};

Steps stepsOf(const std::vector<double>& times) {
    Steps steps;
    for (std::size_t i = 1; i < times.size(); ++i) {
        steps.least = std::min(steps.least, times[i] - times[i - 1]);
        steps.most = std::max(steps.most, times[i] - times[i - 1]);
    }
    steps.mean = (times.back() - times.front()) / static_cast<double>(times.size() - 1);
    return steps;
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
    const std::vector<double> times = timesOf(text, table, column);
    const Steps steps = times.size() > 1 ? stepsOf(times) : Steps{};
    if (times.size() < 2 || !(steps.least > 0)) {
        time.notes.push_back(
            fmt::format("The times in {} do not rise from row to row, so no sample rate is taken from them.",
                        shown(table, column)));
        return time;
    }
    time.rate = rateOf(steps.mean);
    time.notes.push_back(
        fmt::format("The sample rate {:.6g} Hz comes from {}.", time.rate, shown(table, column)));
    if (steps.most - steps.least > 0.5 * steps.mean)
        time.notes.push_back(fmt::format(
            "The steps in {} vary from {:.4g} to {:.4g} s; the samples are taken as evenly spaced.",
            shown(table, column), steps.least, steps.most));
    return time;
}

// A first column without a name that rises evenly: the time, or the number of the row.
TableTime unnamedTime(std::string_view text, const Table& table) {
    constexpr std::size_t fewest = 8;  // rows by which one can tell
    const std::vector<double> times = table.rows >= fewest ? timesOf(text, table, 0) : std::vector<double>();
    if (times.empty())
        return {};
    const Steps steps = stepsOf(times);
    if (!(steps.least > 0) || steps.most > 1.01 * steps.least)
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
