// SPDX-License-Identifier: GPL-3.0-or-later
// Data, curves and frames made by formula, for tests and screenshots of the window.
#pragma once

#include "engine/api/Messages.h"
#include "engine/api/Settings.h"

namespace denoscope {

// Small items of the kind; `noise` 0 (clean) to 1 (nothing but noise).
std::vector<Item> madeItems(DataKind kind, int count, double noise, int seed = 1);
DataFacts madeFacts(DataKind kind);
DataOpened madeData(DataKind kind);
RunOpened madeRun(DataKind kind, const std::string& directory, std::int64_t step);
std::vector<MetricRow> madeMetrics(std::int64_t first, std::int64_t last);  // inclusive
DenoisingFrame madeFrame(DataKind kind, int index, int total, std::int64_t request = 1);

}  // namespace denoscope
