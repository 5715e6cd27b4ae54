// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

#include "engine/core/Random.h"

namespace denoscope {

// Numbers drawn one after another from one key: the same key always gives the same numbers.
class Draws {
public:
    explicit Draws(std::uint64_t key) : m_key(key) {}

    double uniform() { return unitOf(mix64(m_key + m_count++)); }  // [0, 1)
    double uniform(double low, double high) { return low + (high - low) * uniform(); }
    bool chance(double probability) { return uniform() < probability; }
    int below(int count) { return static_cast<int>(uniform() * count); }  // 0 .. count - 1
    // Standard normal (Box & Muller 1958).
    double normal() {
        const double radius = std::sqrt(-2 * std::log1p(-uniform()));
        return radius * std::cos(2 * std::numbers::pi * uniform());
    }

private:
    std::uint64_t m_key, m_count = 0;
};

}  // namespace denoscope
