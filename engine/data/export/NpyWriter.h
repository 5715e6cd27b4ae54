// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/data/export/ItemSource.h"

namespace denoscope {

// One array (N, C, ...) of items of one shape; `single`: (C, ...) of the only one. Throws EngineError.
void writeNpy(const ItemSource& items, bool single, const std::string& path);

}  // namespace denoscope
