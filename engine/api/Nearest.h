// SPDX-License-Identifier: GPL-3.0-or-later
// "did you mean ...?"
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace denoscope {

// The candidate with the smallest Levenshtein distance; the first of equals; empty without candidates.
std::string nearestName(std::string_view name, const std::vector<std::string>& candidates);

}  // namespace denoscope
