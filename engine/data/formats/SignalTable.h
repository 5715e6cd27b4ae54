// SPDX-License-Identifier: GPL-3.0-or-later
// What the columns and rows of a table of numbers mean as signals. The rules stand in docs/data.md.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/data/formats/Format.h"

namespace denoscope {

struct SignalTable {
    ItemHeader header;
    std::vector<float> values;        // (count, C, L)
    std::vector<std::string> labels;  // one per item, or none
    std::string gaps;                 // where so much is missing that it was left as NaN; empty: nowhere
};

// A table whose columns are channels (one item), or whose rows are signals. Throws EngineError.
SignalTable readSignalTable(const std::filesystem::path& path, const DataConfig& config);
SignalTable parseSignalTable(std::string_view text, const std::string& file, const DataConfig& config);

// The .ts format of the time series archives: a header of @ lines, then one case per line, its channels
// between colons, its class at the end.
SignalTable parseTimeSeries(std::string_view text, const std::string& file, const DataConfig& config);

}  // namespace denoscope
