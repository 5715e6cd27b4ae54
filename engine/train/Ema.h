// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/nets/Parameters.h"

namespace denoscope {

// average <- decay average + (1 - decay) online, for trained parameters; constants (frequencies, schedules)
// are copied, never averaged. A decay of 1 leaves everything as it is. The two lists belong to networks of
// one plan.
void updateEma(const std::vector<Parameter>& average, const std::vector<Parameter>& online, double decay);

void copyConstants(const std::vector<Parameter>& average, const std::vector<Parameter>& online);

}  // namespace denoscope
