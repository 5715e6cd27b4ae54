// SPDX-License-Identifier: GPL-3.0-or-later
// What a run will cost, from arithmetic alone: nothing is allocated to find out.
#pragma once

#include <cstdint>
#include <optional>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/api/Error.h"

namespace denoscope {

struct Forecast {
    std::int64_t parameters = 0;
    double macs = 0;  // multiply-accumulates of one forward, per item
    // Weights, gradients, optimiser, averages, and the activations of what is computed at once, as the
    // settings of training have it computed.
    std::int64_t trainingBytes = 0;
    std::int64_t samplingBytes = 0;
    std::int64_t availableBytes = 0;  // to this program at the time of asking; 0 = unknown
};

// config.data.size must be resolved (not empty). Cheap enough to call at every keystroke.
Forecast forecast(const RunConfig& config, int channels, int classes);

enum class Activity { Training, Sampling };

// The reason why it must not start (with the numbers), or nothing.
std::optional<Error> refusal(const Forecast& forecast, Activity activity = Activity::Training);

}  // namespace denoscope
