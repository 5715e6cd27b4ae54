// SPDX-License-Identifier: GPL-3.0-or-later
// No number without its n, its interval and what it would be if nothing were wrong.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

namespace denoscope {

// A distance between a set of real and a set of generated items; 0 = alike, larger = further apart.
struct Measured {
    std::string name;                                // "Frechet distance"
    std::string unit;                                // "dB"; empty = a pure number
    std::string basis;                               // what of the items was compared: "64 local means"
    std::int64_t realCount = 0, generatedCount = 0;  // items that went into it
    double value = 0;                                // may be slightly negative where unbiased (MMD^2)
    double low = 0, high = 0;                        // 95 % bootstrap interval
    std::optional<double> floor;  // the same distance between halves of the real items; none below 4 items
};

using Picks = std::vector<std::int64_t>;  // numbers of items; one that was drawn twice stands there twice
// The distance between two selections. Items are numbered through: the real ones from 0 on, then the
// generated ones.
using PickedDistance = std::function<double(const Picks& left, const Picks& right)>;

struct BootstrapOptions {
    std::uint64_t seed = 0;
    std::int64_t resamples = 200;  // at least 2
    // What the distance cannot fall below; nor does its interval.
    double lowest = -std::numeric_limits<double>::infinity();
};

// Fills value, low, high and floor of `about`, whose counts are known. A pure function of its arguments.
//
// Interval: items of both sets are drawn with replacement `resamples` times; the 2.5 and 97.5 percentiles of
// the distances found, moved by the bootstrap's estimate of its own bias (their mean minus the value; Efron
// and Tibshirani 1993, chapters 10 and 13). Without that step the interval of a distance that grows as
// samples get poorer (Frechet, Wasserstein) would lie above the value altogether. It says how far another
// draw of as many items might have landed, not how far off the estimator is on the whole: that is what the
// floor is for. Near 0 an MMD^2 is degenerate and its interval only rough (Arcones and Gine 1992).
//
// Floor: the mean distance between the halves of 8 random splits of the real items. A value near the floor
// says that this number of items shows no difference. Halves have half the items, so where the estimator is
// biased by small n the floor is somewhat higher than with all of them.
Measured measured(Measured about, const PickedDistance& distance, const BootstrapOptions& options);

}  // namespace denoscope
