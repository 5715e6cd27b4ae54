// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <fmt/format.h>

#include <concepts>
#include <string>
#include <string_view>

namespace denoscope {

// "1 slice", "3 slices".
std::string counted(std::integral auto count, std::string_view one) {
    return fmt::format("{} {}{}", count, one, count == 1 ? "" : "s");
}

}  // namespace denoscope
