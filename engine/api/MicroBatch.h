// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/api/Config.h"

namespace denoscope {

// Items of a batch that training computes at once.
inline std::int64_t microBatchOf(const TrainingConfig& training) {
    return training.microBatch > 0 ? std::min(training.microBatch, training.batchSize) : training.batchSize;
}

}  // namespace denoscope
