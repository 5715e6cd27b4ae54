// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <span>
#include <string>
#include <vector>

namespace denoscope {

// The first three of some, for a note: "a; b; c; ...".
inline std::string firstFew(const std::vector<std::string>& all) {
    constexpr std::size_t few = 3;
    const std::span shown = std::span(all).first(std::min(few, all.size()));
    return fmt::format("{}{}", fmt::join(shown, "; "), all.size() > few ? "; ..." : "");
}

}  // namespace denoscope
