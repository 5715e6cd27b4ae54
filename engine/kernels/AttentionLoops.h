// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of Attention.h over plain memory, each on one thread. "Head" counts heads of all groups: group x
// heads + head.
#pragma once

#include <cstdint>

#include "engine/kernels/BFloat16.h"
#include "engine/kernels/PointwiseLoops.h"

namespace denoscope::kernels {

// Sizes of one attention. What the loops keep in between has the padded ones; padding holds zeros.
struct AttentionShape {
    std::int64_t groups, heads, tokens, memory, size;  // size: of a head
    std::int64_t keys, paddedKeys, paddedSize;         // memory + tokens; to multiples of 2 and 16
    NormRule rule;                                     // for queries, keys and values
    float temperature;                                 // factor of q . k
};

// Blocks are as large as stays in a core's cache with the keys and values they meet.
constexpr std::int64_t attentionRows = 128;  // queries of a block at most; a multiple of 16
constexpr std::int64_t attentionKeys = 192;  // keys that they meet at a time at most; a multiple of 12

constexpr std::int64_t attentionLargestSize = 256;  // of a head

// Between the rows of a tile: not a power of two, whose rows would meet in few places of the cache.
constexpr std::int64_t attentionTileStep = attentionRows + 16;

// Floats of scratch memory: rows of queries, results and their gradients, tiles, and three numbers a query.
constexpr std::int64_t attentionScratch(std::int64_t paddedSize) {
    return (2 * attentionTileStep + 3 * attentionRows) * paddedSize + 4 * attentionKeys * attentionTileStep +
           3 * attentionTileStep;
}

// Queries [first, first + rows) of a head; rows <= attentionRows.
struct QueryBlock {
    std::int64_t head, first, rows;
};

// Value: of qkv, out and their gradients: (groups, tokens, 3 or 1, heads, size). memory (2, heads, memory,
// size).
template <class Value>
struct AttentionLoops {
    using Shape = const AttentionShape&;
    using Count = std::int64_t;

    // Keys and values of a head with unit magnitude, as the blocks want them: 2 paddedKeys paddedSize floats
    // of memory each. count keys from the even key `first`.
    void (*prepareKeys)(Shape, const Value* qkv, const float* memory, Count head, Count first, Count count,
                        float* prepared);

    // scratch: attentionScratch(paddedSize) floats. logSums (head, tokens): log of the sum of e^score of each
    // query.
    void (*forwardBlock)(Shape, const Value* qkv, const float* prepared, QueryBlock, float* scratch,
                         Value* out, float* logSums);
    // Adds to the gradients of keys and values, gKeys (2, paddedKeys, paddedSize), what this block gives;
    // writes those of its queries into gQkv.
    void (*backwardBlock)(Shape, const Value* qkv, const float* prepared, QueryBlock, float* scratch,
                          const Value* out, const Value* gOut, const float* logSums, float* gKeys,
                          Value* gQkv);

    // gKeys: `parts` of those above, one after another, whose sum counts. count tokens of the head from
    // `first`.
    void (*keyGradient)(Shape, const Value* qkv, Count head, Count first, Count count, const float* gKeys,
                        Count parts, Value* gQkv);
    // gKeys: (groups, heads, parts) of those above. Writes gMemory of one head.
    void (*memoryGradient)(Shape, const float* memory, Count head, const float* gKeys, Count parts,
                           float* gMemory);
};

// The best ones for this processor.
template <class Value>
const AttentionLoops<Value>& attentionLoops();
template <>
const AttentionLoops<float>& attentionLoops<float>();
template <>
const AttentionLoops<BFloat16>& attentionLoops<BFloat16>();

}  // namespace denoscope::kernels
