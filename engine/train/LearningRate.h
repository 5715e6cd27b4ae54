// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

#include "engine/api/Config.h"

namespace denoscope {

// Linear warm-up, then rate / sqrt(max(step / decaySteps, 1)) (EDM2 eq. 67). step: 0-based.
double learningRateAt(const TrainingConfig& training, std::int64_t step);

}  // namespace denoscope
