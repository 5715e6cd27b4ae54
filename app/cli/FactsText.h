// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/api/Data.h"

namespace denoscope {

// What is known of data as lines of a name and a value.
std::string factsText(const DataFacts& facts);

}  // namespace denoscope
