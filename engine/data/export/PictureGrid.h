// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

// All items, which share one shape, side by side in one PNG: images as they are, volumes by their middle
// axial slice (seen from the feet, front up), signals as plotted lines. low..high is shown from black to
// white.
std::string encodeGrid(const std::vector<Item>& items, double low, double high);

}  // namespace denoscope
