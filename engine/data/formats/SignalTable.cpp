// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/SignalTable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/formats/Channels.h"
#include "engine/data/formats/FileText.h"
#include "engine/data/formats/FirstFew.h"
#include "engine/data/formats/Table.h"
#include "engine/data/formats/TableTime.h"

namespace denoscope {
namespace {

constexpr std::size_t largestFile = std::size_t{1} << 32;
constexpr std::size_t shortestSeries = 16;  // values in a row that is a signal of its own
constexpr double mostMissing = 0.05;        // of the cells of a channel

bool isOneOf(const std::string& name, std::initializer_list<std::string_view> words) {
    return std::ranges::find(words, name) != words.end();
}

class Interpreter {
public:
    Interpreter(std::string_view text, const std::string& file, const DataConfig& config)
        : m_text(text),
          m_file(file),
          m_config(config),
          m_table(parseTable(text, file,
                             static_cast<std::uint64_t>(std::max<std::int64_t>(1, config.cacheMiB)) << 20)) {}

    SignalTable read() {
        m_result.header.kind = DataKind::Signal;
        m_result.header.dtype = "text";
        if (m_table.dialect.decimal == ',')
            m_result.header.notes.emplace_back("Decimal commas are read.");
        // Whoever names columns wants columns.
        const bool rows = m_config.part.empty();
        const std::optional<std::size_t> label = rows ? labelColumn() : std::nullopt;
        const bool nameless =
            rows && !label && m_table.columns.size() > mostChannels && m_table.columns.size() > m_table.rows;
        if (label || nameless)
            readRows(label);
        else
            readColumns();
        return std::move(m_result);
    }

private:
    float at(std::size_t row, std::size_t column) const {
        return m_table.values[row * m_table.columns.size() + column];
    }

    // Few different whole numbers, at least two, and not simply counted up.
    bool couldBeClasses(std::size_t column) const {
        std::set<float> values;
        const std::size_t most = std::min<std::size_t>(200, m_table.rows / 2 + 1);
        for (std::size_t row = 0; row < m_table.rows; ++row) {
            const float value = at(row, column);
            if (!(std::floor(value) == value))
                return false;
            values.insert(value);
            if (values.size() > most)
                return false;
        }
        return values.size() > 1;
    }

    bool allWhole(std::size_t column) const {
        for (std::size_t row = 0; row < m_table.rows; ++row)
            if (std::floor(at(row, column)) != at(row, column))
                return false;
        return true;
    }

    // The column that says of which class each row is, where the rows are signals.
    std::optional<std::size_t> labelColumn() const {
        const std::size_t width = m_table.columns.size();
        if (width <= shortestSeries || m_table.rows < 2)
            return std::nullopt;
        if (m_table.headed) {
            for (const std::size_t column : {std::size_t{0}, width - 1})
                if (isOneOf(lowered(m_table.columns[column].name),
                            {"label", "labels", "class", "target", "y"}))
                    return column;
            return std::nullopt;
        }
        for (const std::size_t column : {std::size_t{0}, width - 1})
            if (couldBeClasses(column) && !allWhole(width / 2))
                return column;
        return std::nullopt;
    }

    void readRows(std::optional<std::size_t> label) {
        const std::size_t width = m_table.columns.size(), length = width - (label ? 1 : 0);
        m_result.header.count = static_cast<std::int64_t>(m_table.rows);
        m_result.header.shape = {1, static_cast<std::int64_t>(length)};
        m_result.header.geometry.sampleRate = m_config.sampleRate;
        m_result.header.notes.push_back(
            label ? fmt::format("Every row is a signal; its class stands in the {} column.",
                                *label == 0 ? "first" : "last")
                  : "Every row is a signal.");
        const std::size_t begin = label && *label == 0 ? 1 : 0;
        m_result.values.resize(m_table.rows * length);
        for (std::size_t row = 0; row < m_table.rows; ++row) {
            const std::span signal = std::span(m_result.values).subspan(row * length, length);
            std::copy_n(m_table.values.begin() + static_cast<std::ptrdiff_t>(row * width + begin), length,
                        signal.begin());
            fill(signal, fmt::format("row {}", row + 1));
        }
        noteGaps();
        if (label)
            visitCells(m_text, m_table, *label,
                       [&](std::string_view cell) { m_result.labels.push_back(shownClass(cell)); });
    }

    // 2.0000000e+00 is class 2.
    std::string shownClass(std::string_view cell) const {
        const std::optional<double> number = parseNumber(cell, m_table.dialect.decimal);
        return number ? fmt::format("{:g}", *number) : shownName(cell);
    }

    // Few gaps are bridged; where there are many, no line would tell what was there.
    void fill(std::span<float> values, const std::string& where) {
        const auto missing =
            static_cast<std::size_t>(std::ranges::count_if(values, [](float v) { return std::isnan(v); }));
        if (static_cast<double>(missing) <= mostMissing * static_cast<double>(values.size()))
            m_filled += fillGaps(values);
        else
            m_gaps.push_back(fmt::format("{} has {} of {} without a number", where, missing,
                                         counted(values.size(), "cell")));
    }

    void noteGaps() {
        if (m_filled > 0)
            m_result.header.notes.push_back(
                m_filled == 1
                    ? "A cell without a number is bridged by a straight line."
                    : fmt::format("{} cells without a number are bridged by straight lines.", m_filled));
        m_result.gaps = firstFew(m_gaps);
        if (!m_gaps.empty())
            m_result.header.notes.push_back(
                fmt::format("Gaps are kept as NaN, which training refuses: {}.", m_result.gaps));
    }

    void readColumns() {
        const TableTime time = findTime(m_text, m_table);
        m_result.header.notes.insert(m_result.header.notes.end(), time.notes.begin(), time.notes.end());
        std::vector<std::size_t> places;  // in the table
        std::vector<Channel> channels;
        std::string textual;
        for (std::size_t i = 0; i < m_table.columns.size(); ++i) {
            const TableColumn& column = m_table.columns[i];
            if (i == time.column)
                continue;
            const std::size_t values = column.numbers + column.notFinite;
            if (values == 0 || column.words * 2 > m_table.rows) {
                if (!column.name.empty())
                    textual += (textual.empty() ? "" : ", ") + column.name;
                continue;
            }
            places.push_back(i);
            channels.push_back({column.name.empty() ? fmt::format("column {}", i + 1) : column.name,
                                column.unit, time.rate > 0 ? time.rate : m_config.sampleRate,
                                column.numbers > 0 ? fmt::format("{:.4g} to {:.4g}", column.low, column.high)
                                                   : "no finite value",
                                values * 2 < m_table.rows});
        }
        if (!textual.empty())
            m_result.header.notes.push_back("Columns without numbers are left out: " + textual + ".");
        if (channels.empty())
            throw EngineError("has no column of numbers besides its time", m_file,
                              "check that it is a table with one row per sample and one column per channel");
        nameChannels(channels);
        const ChannelChoice choice = chooseChannels(channels, m_config.part, m_file);
        describeChannels(m_result.header, channels, choice);
        m_result.header.shape = {static_cast<std::int64_t>(choice.chosen.size()),
                                 static_cast<std::int64_t>(m_table.rows)};
        takeColumns(places, channels, choice.chosen);
    }

    void takeColumns(const std::vector<std::size_t>& places, const std::vector<Channel>& channels,
                     const std::vector<std::size_t>& chosen) {
        m_result.values.resize(chosen.size() * m_table.rows);
        for (std::size_t k = 0; k < chosen.size(); ++k) {
            const std::span signal = std::span(m_result.values).subspan(k * m_table.rows, m_table.rows);
            for (std::size_t row = 0; row < m_table.rows; ++row)
                signal[row] = at(row, places[chosen[k]]);
            fill(signal, "column " + channels[chosen[k]].name);
        }
        noteGaps();
    }

    std::string_view m_text;
    const std::string& m_file;
    const DataConfig& m_config;
    Table m_table;
    std::size_t m_filled = 0;         // cells
    std::vector<std::string> m_gaps;  // too wide to be bridged
    SignalTable m_result;
};

}  // namespace

SignalTable parseSignalTable(std::string_view text, const std::string& file, const DataConfig& config) {
    return Interpreter(text, file, config).read();
}

SignalTable readSignalTable(const std::filesystem::path& path, const DataConfig& config) {
    const std::string text = readFile(path, largestFile);
    return lowered(path.extension().string()) == ".ts" ? parseTimeSeries(text, path.string(), config)
                                                       : parseSignalTable(text, path.string(), config);
}

}  // namespace denoscope
