// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

#include "engine/core/Random.h"

namespace denoscope {

// Where a shuffle of 0 .. count - 1 puts `index`, without storing the shuffle: a balanced Feistel network
// (Luby & Rackoff 1988) on the next even power of two, walked until it lands inside. Each key gives another
// shuffle.
constexpr std::uint64_t permuted(std::uint64_t index, std::uint64_t count, std::uint64_t key) {
    const int half = (std::bit_width(count > 1 ? count - 1 : 1) + 1) / 2;
    const std::uint64_t mask = (std::uint64_t{1} << half) - 1;
    do {
        std::uint64_t left = index >> half, right = index & mask;
        for (std::uint64_t round = 0; round < 8; ++round) {
            const std::uint64_t mixed = left ^ (mix64(key ^ mix64(right + (round << 48))) & mask);
            left = right;
            right = mixed;
        }
        index = left << half | right;
    } while (index >= count);
    return index;
}

}  // namespace denoscope
