// SPDX-License-Identifier: GPL-3.0-or-later
// --known and --mask, --between: the items that sampling is given.
#pragma once

#include <string>
#include <vector>

#include "engine/api/Messages.h"

namespace denoscope {

// The first item of each path as the run's items are: pictures brought to the run's size as data.fit says
// (cut where that is exact), and those of 8 and 16 bits to the values of a run that was imported without its
// data or learned from pictures of other bits. Throws EngineError for another kind, other channels or another
// size, and for values that lie outside of what such a run knows.
Inpainting knownPart(const std::string& known, const std::string& mask, const RunOpened& run);

// --between: two items, each a path whose first item counts, or "item:N" of the run's data (N from 0 on), by
// the rules of knownPart(); signals and volumes of the run's data are cut as in training. A path has no
// class.
Interpolation wayBetween(const std::vector<std::string>& ends, double sigma, const RunOpened& run);

}  // namespace denoscope
