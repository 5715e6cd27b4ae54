// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>

#include "engine/api/Forecast.h"

namespace denoscope {

struct Cost {
    std::optional<Forecast> forecast;  // nothing while the data or the sizes are not known
    std::optional<Error> refusal;      // why such a run must not start
};

// What a run of this config on this data will cost. Pure arithmetic, cheap enough for every keystroke.
Cost costOf(const RunConfig& config, const DataFacts& facts);

}  // namespace denoscope
