// SPDX-License-Identifier: GPL-3.0-or-later
// metrics.jsonl: one MetricRow a line, only ever appended to while a run trains.
#pragma once

#include <filesystem>
#include <vector>

#include "engine/api/Messages.h"

namespace denoscope {

// Skips lines that are torn or no row. The last row of each step wins; ascending. A missing file is an empty
// log.
std::vector<MetricRow> readMetricsLog(const std::filesystem::path& path);

// Rewrites the log atomically without the rows after `step`, and without a torn last line that the next row
// would otherwise be glued to. Does nothing where there is nothing to drop.
void trimMetricsLog(const std::filesystem::path& path, std::int64_t step);

// In the hands of the system when it returns. A failed append (no room) leaves the log as it was and throws.
void appendMetricsLog(const std::filesystem::path& path, const std::vector<MetricRow>& rows);

}  // namespace denoscope
