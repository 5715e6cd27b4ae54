// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Bootstrap.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/api/Error.h"
#include "engine/core/Random.h"
#include "engine/data/Permutation.h"

namespace denoscope {
namespace {

// What a draw is for: the first counter of its key.
constexpr std::uint64_t realSide = 0, generatedSide = 1, splitSide = 2;

Picks numbers(std::int64_t first, std::int64_t count) {
    Picks picks(static_cast<std::size_t>(count));
    std::iota(picks.begin(), picks.end(), first);
    return picks;
}

// `count` draws with replacement from the items first .. first + count - 1; drawn anew where they are all the
// same item, which has neither a spread nor pairs.
Picks resampled(std::int64_t first, std::int64_t count, std::uint64_t key) {
    Picks picks(static_cast<std::size_t>(count));
    do {
        key = mix64(key);
        std::uint64_t draw = 0;
        for (std::int64_t& pick : picks)
            pick =
                first + static_cast<std::int64_t>(unitOf(mix64(key + draw++)) * static_cast<double>(count));
    } while (std::ranges::count(picks, picks.front()) == count);
    return picks;
}

// Linear between order statistics (Hyndman and Fan 1996, type 7). `sorted` ascends.
double percentile(const std::vector<double>& sorted, double share) {
    const double place = share * static_cast<double>(sorted.size() - 1);
    const auto below = static_cast<std::size_t>(place);
    const std::size_t above = std::min(below + 1, sorted.size() - 1);
    return std::lerp(sorted[below], sorted[above], place - static_cast<double>(below));
}

double mean(const std::vector<double>& values) {
    return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

void requireOptions(const Measured& about, const BootstrapOptions& options) {
    if (about.realCount < 2 || about.generatedCount < 2)
        throw EngineError(fmt::format("{} real and {} generated items are too few to compare",
                                      about.realCount, about.generatedCount),
                          about.name, "give at least 2 of each");
    if (options.resamples < 2)
        throw EngineError(fmt::format("{} resamples make no interval", options.resamples), about.name,
                          "ask for at least 2, better 200");
}

void findInterval(Measured& about, const PickedDistance& distance, const BootstrapOptions& options) {
    std::vector<double> found;
    for (std::int64_t i = 0; i < options.resamples; ++i) {
        const auto round = static_cast<std::uint64_t>(i);
        const auto key = [&](std::uint64_t side) {
            return keyOf(options.seed, Stream::Resample, {side, round});
        };
        found.push_back(distance(resampled(0, about.realCount, key(realSide)),
                                 resampled(about.realCount, about.generatedCount, key(generatedSide))));
    }
    std::sort(found.begin(), found.end());
    const double bias = mean(found) - about.value;
    about.low = std::max(options.lowest, percentile(found, 0.025) - bias);
    about.high = std::max(options.lowest, percentile(found, 0.975) - bias);
}

double floorOf(const Measured& about, const PickedDistance& distance, std::uint64_t seed) {
    constexpr std::uint64_t splits = 8;
    const auto count = static_cast<std::uint64_t>(about.realCount);
    std::vector<double> found;
    for (std::uint64_t split = 0; split < splits; ++split) {
        const std::uint64_t key = keyOf(seed, Stream::Resample, {splitSide, split});
        Picks left, right;
        for (std::uint64_t i = 0; i < count; ++i)
            (i < count / 2 ? left : right).push_back(static_cast<std::int64_t>(permuted(i, count, key)));
        found.push_back(distance(left, right));
    }
    return mean(found);
}

}  // namespace

Measured measured(Measured about, const PickedDistance& distance, const BootstrapOptions& options) {
    requireOptions(about, options);
    about.value = distance(numbers(0, about.realCount), numbers(about.realCount, about.generatedCount));
    findInterval(about, distance, options);
    if (about.realCount >= 4)
        about.floor = floorOf(about, distance, options.seed);
    return about;
}

}  // namespace denoscope
