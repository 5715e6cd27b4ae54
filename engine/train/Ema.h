// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "engine/nets/Parameters.h"

namespace denoscope {

// Exponential moving average of the trained weights. While training is young the half-life is capped at 5 %
// of the steps so far (the ramp-up of arXiv:2206.00364's training code), so that the start is forgotten
// quickly.
double emaDecay(std::int64_t step, double halfLife);

// average <- decay average + (1 - decay) online, for trained parameters; constants are copied. The two lists
// belong to networks of one plan.
void updateEma(const std::vector<Parameter>& average, const std::vector<Parameter>& online, double decay);

// average <- online, everywhere.
void copyParameters(const std::vector<Parameter>& to, const std::vector<Parameter>& from);

}  // namespace denoscope
