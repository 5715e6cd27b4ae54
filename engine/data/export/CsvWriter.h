// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/api/Data.h"

namespace denoscope {

// A (C, L) item as a table: the time in seconds (where the rate is unknown the number of the sample, from 0
// on), then a column for each channel under its name and unit. Every number has the digits that give it back
// exactly, with a point in every locale. Throws EngineError.
void writeCsv(const Item& signal, const SourceDetails& details, const std::string& path);

}  // namespace denoscope
