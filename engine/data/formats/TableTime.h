// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "engine/data/formats/Table.h"

namespace denoscope {

// The column of a table that tells when its rows were taken, or that merely counts them.
struct TableTime {
    static constexpr std::size_t none = static_cast<std::size_t>(-1);

    std::size_t column = none;
    double rate = 0;  // Hz; 0 = unknown
    std::vector<std::string> notes;
};
TableTime findTime(std::string_view text, const Table& table);

}  // namespace denoscope
