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
    double macs = 0;                 // multiply-accumulates of one forward, per item
    std::int64_t trainingBytes = 0;  // weights, gradients, optimiser, averages and activations of one batch
    std::int64_t samplingBytes = 0;
    std::int64_t availableBytes = 0;  // of the machine at the time of asking; 0 = unknown
};

// Bytes that can be had without swapping: free memory and the caches that the system would give up. 0 =
// unknown.
std::int64_t availableMemory();

// config.data.size must be resolved (not empty). Cheap enough to call at every keystroke.
Forecast forecast(const RunConfig& config, int channels, int classes);

enum class Activity { Training, Sampling };

// The reason why it must not start (with the numbers), or nothing.
std::optional<Error> refusal(const Forecast& forecast, Activity activity = Activity::Training);

}  // namespace denoscope
