// SPDX-License-Identifier: GPL-3.0-or-later
// The gradients of AttentionBlocks.h. Scores are computed again from what the forward pass kept of them: the
// logarithm of each query's sum. For *Loops.cpp alone.
#pragma once

#include "engine/kernels/AttentionBlocks.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

// A tile of shares (softmax) or of their gradient as left operand: with keys as rows, and with queries.
template <class Lanes>
struct TileLanes {
    LaneOf<Lanes>*byKey, *byQuery;
    Count keyStep;  // of byKey

    // With FloatLanes the tile itself is both.
    TileLanes(Scratch& scratch, float* tile) {
        if constexpr (Lanes::depth == 1) {
            byKey = byQuery = tile;
            keyStep = tileStep;
        } else {
            byKey = scratch.lanes<Lanes>(attentionKeys * tileStep / 2);
            byQuery = scratch.lanes<Lanes>(attentionKeys * tileStep / 2);
            keyStep = tileStep / 2;
        }
    }
    Left<Lanes> keysLeft() const { return {byKey, keyStep, 1}; }
    Left<Lanes> queriesLeft() const { return {byQuery, 1, tileStep}; }
};

// From scores and the gradient of shares: shares and the gradient of scores, in place.
inline void sharesAndGradient(float* __restrict scores, float* __restrict gradient, Count rows,
                              const float* __restrict logSums, const float* __restrict means) {
    for (Count r = 0; r < rows; ++r) {
        scores[r] = expWithin(scores[r] - logSums[r]);
        gradient[r] = scores[r] * (gradient[r] - means[r]);
    }
}

template <class Lanes>
void softmaxGradient(float* scores, float* gradient, Count keys, Count rows, const float* logSums,
                     const float* means, const TileLanes<Lanes>& shares, const TileLanes<Lanes>& slopes) {
    for (Count key = 0; key < keys; key += Lanes::depth) {
        float *p = scores + key * tileStep, *g = gradient + key * tileStep;
        for (Count i = 0; i < Lanes::depth; ++i)
            sharesAndGradient(p + i * tileStep, g + i * tileStep, rows, logSums, means);
        if constexpr (Lanes::depth > 1) {
            const float* const both[2] = {g, g + tileStep};
            layAcross<Lanes>(both, rows, slopes.byQuery + key / 2 * tileStep);
            for (Count i = 0; i < 2; ++i) {
                Lanes::round(p + i * tileStep, rows, shares.byKey + (key + i) * shares.keyStep);
                Lanes::round(g + i * tileStep, rows, slopes.byKey + (key + i) * slopes.keyStep);
            }
        }
    }
}

template <class Lanes, class Value>
void backwardBlock(const AttentionShape& shape, const Value* qkv, const float* prepared, QueryBlock block,
                   float* memory, const Value* out, const Value* gOut, const float* logSums, float* gKeys,
                   Value* gQkv) {
    auto* source = const_cast<float*>(prepared);
    const auto keys = preparedPart<Lanes>(shape, source, Key),
               values = preparedPart<Lanes>(shape, source, Member);
    const Count padded = roundedUp(block.rows, 16), width = shape.paddedSize;
    Scratch scratch{memory};
    BlockRows<Lanes> queries(scratch, shape), results(scratch, shape);
    float* scores = scratch.floats(attentionKeys * tileStep);
    float* gradient = scratch.floats(attentionKeys * tileStep);
    float* gQueries = scratch.floats(attentionRows * width);
    float *sums = scratch.floats(tileStep), *means = scratch.floats(tileStep);
    const TileLanes<Lanes> shares(scratch, scores), slopes(scratch, gradient);

    fillQueries(queries, shape, qkv, block);
    results.fill(shape, block.rows, [&](Count row, float* to) {
        const Value* from = outRow(gOut, shape, block.head, block.first + row);
        if (row + rowsAhead < block.rows) {
            comesSoon(outRow(gOut, shape, block.head, block.first + row + rowsAhead), shape);
            comesSoon(outRow(out, shape, block.head, block.first + row + rowsAhead), shape);
        }
        for (Count i = 0; i < width; ++i)
            to[i] = i < shape.size ? toFloat(from[i]) : 0.0F;
    });
    for (Count row = 0; row < padded; ++row) {
        const bool exists = row < block.rows;
        const Count token = block.first + row;
        sums[row] = exists ? logSums[block.head * shape.tokens + token] : 0;
        means[row] = exists ? dotOf(outRow(out, shape, block.head, token),
                                    outRow(gOut, shape, block.head, token), shape.size)
                            : 0;
    }
    float* gValues = gKeys + shape.paddedKeys * width;
    const KeyTiles tiles(shape);
    const Count depth = lanesOf<Lanes>(shape.size), rowDepth = lanesOf<Lanes>(block.rows);
    for (Count first = 0; first < shape.keys; first += tiles.length) {
        const Count count = smaller(tiles.length, shape.keys - first), whole = roundedUp(count, Lanes::depth);
        product<Lanes>(whole, padded, depth, keys.left(first), queries.rightTurned(),
                       {scores, tileStep, false});
        product<Lanes>(whole, padded, depth, values.left(first), results.rightTurned(),
                       {gradient, tileStep, false});
        softmaxGradient<Lanes>(scores, gradient, count, padded, sums, means, shares, slopes);
        product<Lanes>(count, width, rowDepth, shares.keysLeft(), results.rightAcross(shape),
                       {gValues + first * width, width, true});
        product<Lanes>(count, width, rowDepth, slopes.keysLeft(), queries.rightAcross(shape),
                       {gKeys + first * width, width, true});
        product<Lanes>(block.rows, width, lanesOf<Lanes>(count), slopes.queriesLeft(), keys.right(first),
                       {gQueries, width, first > 0});
    }
    for (Count row = 0; row < block.rows; ++row)
        unitRowGradient(tokenRow(qkv, shape, block.head, block.first + row, Query), gQueries + row * width,
                        tokenRow(gQkv, shape, block.head, block.first + row, Query), shape,
                        shape.temperature);
}

// sum (padded) += one key's row in each part of a head's gKeys.
inline void addParts(const AttentionShape& shape, const float* gKeys, Count parts, Count key, Part part,
                     float* __restrict sum) {
    const Count whole = shape.paddedKeys * shape.paddedSize;
    const float* from = gKeys + (part - 1) * whole + key * shape.paddedSize;
    for (Count i = 0; i < parts; ++i, from += 2 * whole)
        for (Count j = 0; j < shape.paddedSize; ++j)
            sum[j] += from[j];
}

template <class Value>
void keyGradient(const AttentionShape& shape, const Value* qkv, Count head, Count first, Count count,
                 const float* gKeys, Count parts, Value* gQkv) {
    for (Count token = first; token < first + count; ++token)
        for (const Part part : keyParts) {
            if (token + rowsAhead < first + count)
                comesSoon(tokenRow(qkv, shape, head, token + rowsAhead, part), shape);
            float sum[attentionLargestSize] = {};
            addParts(shape, gKeys, parts, shape.memory + token, part, sum);
            unitRowGradient(tokenRow(qkv, shape, head, token, part), sum,
                            tokenRow(gQkv, shape, head, token, part), shape, 1);
        }
}

inline void memoryGradient(const AttentionShape& shape, const float* memory, Count head, const float* gKeys,
                           Count parts, float* gMemory) {
    const Count perHead = parts * 2 * shape.paddedKeys * shape.paddedSize;
    for (const Part part : keyParts)
        for (Count key = 0; key < shape.memory; ++key) {
            float sum[attentionLargestSize] = {};
            for (Count group = 0; group < shape.groups; ++group)
                addParts(shape, gKeys + (group * shape.heads + head) * perHead, parts, key, part, sum);
            unitRowGradient(memoryRow(memory, shape, head, key, part), sum,
                            memoryRow(gMemory, shape, head, key, part), shape, 1);
        }
}

}  // namespace
}  // namespace denoscope::kernels::DENOSCOPE_ARCH
