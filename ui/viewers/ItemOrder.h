// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <vector>

#include "engine/api/Messages.h"

namespace denoscope {

enum class SortBy { Index, Label, Mean };
constexpr int everyLabel = -1;

// The items of `label` (or all), sorted; equal ones stay in the order of the data, and those whose mean is
// not a number come last. `index` may be missing, and its means too: then there is nothing to sort or filter
// by.
std::vector<std::int64_t> orderedItems(std::int64_t count, const ItemsIndexed* index, SortBy sortBy,
                                       int label);

}  // namespace denoscope
