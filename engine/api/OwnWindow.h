// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <utility>

#include "engine/api/Data.h"

namespace denoscope {

// The values that become -1 and +1 where nobody chose a window; the first is always below the second.
std::pair<double, double> ownWindow(const DataFacts& facts);

}  // namespace denoscope
