// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/data/Dataset.h"

namespace denoscope {

constexpr std::int64_t usualBudget = 32'000'000;  // values

struct Unreadable {
    std::int64_t index;
    Error error;
};

// Fills the statistics of `facts`, those of the finite values, whose shapes, kind and count are known. Looks
// at about `budget` values of items spread evenly over the set; items larger than that are looked at in
// pieces. Returns what could not be read, by ascending index; the statistics are those of the rest.
std::vector<Unreadable> measure(const Dataset& dataset, DataFacts& facts, std::int64_t budget);

}  // namespace denoscope
