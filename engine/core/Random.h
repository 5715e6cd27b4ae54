// SPDX-License-Identifier: GPL-3.0-or-later
// Counter-based randomness: every draw is a pure function of (seed, stream, counters), so that nothing
// depends on the order of draws, the batch size, previews or a resume, and no generator state has to be
// saved.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

namespace denoscope {

// What a draw is for; two streams of one seed are independent.
enum class Stream : std::uint64_t {
    Weights = 1,
    Shuffle,
    Crop,
    Mirror,
    Sigma,
    Noise,
    Dropout,
    LabelDropout,
    SelfCondition,
    Start,
    Churn,
    Demo,
    Offset,
    Resample,
    Direction
};

// SplitMix64's finaliser (Steele et al. 2014).
constexpr std::uint64_t mix64(std::uint64_t x) {
    x += 0x9e3779b97f4a7c15ULL;
    x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9ULL;
    x = (x ^ (x >> 27)) * 0x94d049bb133111ebULL;
    return x ^ (x >> 31);
}

constexpr std::uint64_t keyOf(std::uint64_t seed, Stream stream,
                              std::initializer_list<std::uint64_t> counters) {
    std::uint64_t key = mix64(mix64(seed) ^ static_cast<std::uint64_t>(stream));
    for (const std::uint64_t counter : counters)
        key = mix64(key ^ counter);
    return key;
}

// Of `count` items of the training sequence from number `first` on: an item has the same in any batch.
inline std::vector<std::uint64_t> itemKeys(std::uint64_t seed, Stream stream, std::int64_t first,
                                           std::int64_t count) {
    std::vector<std::uint64_t> keys;
    for (std::int64_t item = first; item < first + count; ++item)
        keys.push_back(keyOf(seed, stream, {static_cast<std::uint64_t>(item)}));
    return keys;
}

// Uniform in [0, 1) from the upper 53 bits of a key.
constexpr double unitOf(std::uint64_t key) {
    return static_cast<double>(key >> 11) * 0x1.0p-53;
}

}  // namespace denoscope
