// SPDX-License-Identifier: GPL-3.0-or-later
// What AttentionLoops.h asks for, for operands of either kind of lane. For *Loops.cpp alone.
//
// Scores are computed keys first: a row of a tile has one key and all queries of the block, so that sums over
// keys are sums of rows, and columns of padding hurt only where a block is short. Norms of queries and keys
// bound the scores by sqrt(size), so that e^score needs no maximum.
#pragma once

#include "engine/kernels/AttentionLoops.h"
#include "engine/kernels/NormMath.h"
#include "engine/kernels/TileProduct.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

constexpr Count tileStep = attentionTileStep;

inline Count roundedUp(Count n, Count multiple) {
    return (n + multiple - 1) / multiple * multiple;
}

enum Part { Query, Key, Member };  // a token's thirds; Member: its value
constexpr Part keyParts[] = {Key, Member};

template <class Value>
Value* tokenRow(Value* qkv, const AttentionShape& shape, Count head, Count token, Part part) {
    const Count group = head / shape.heads;
    return qkv +
           (((group * shape.tokens + token) * 3 + part) * shape.heads + head % shape.heads) * shape.size;
}
template <class Value>
Value* outRow(Value* out, const AttentionShape& shape, Count head, Count token) {
    return out +
           ((head / shape.heads * shape.tokens + token) * shape.heads + head % shape.heads) * shape.size;
}
// part: Key or Member.
template <class Value>
Value* memoryRow(Value* memory, const AttentionShape& shape, Count head, Count row, Part part) {
    return memory + (((part - 1) * shape.heads + head % shape.heads) * shape.memory + row) * shape.size;
}

// Rows of one head lie apart, too far for the processor to see them coming: they are asked for some rows
// ahead.
constexpr Count rowsAhead = 8;
template <class Value>
void comesSoon(const Value* row, const AttentionShape& shape) {
    constexpr Count line = 64 / sizeof(Value);
    for (Count i = 0; i < shape.size; i += line)
        __builtin_prefetch(row + i);
}

// y (padded): x with unit root mean square, times scale.
template <class From>
void unitRow(const From* x, float* y, const AttentionShape& shape, float scale) {
    const float factor = unitFactor(__builtin_sqrtf(dotOf(x, x, shape.size)), shape.rule) * scale;
    for (Count i = 0; i < shape.size; ++i)
        y[i] = factor * toFloat(x[i]);
    for (Count i = shape.size; i < shape.paddedSize; ++i)
        y[i] = 0;
}
// Of x from that of y above.
template <class From, class To>
void unitRowGradient(const From* x, const float* gy, To* gx, const AttentionShape& shape, float scale) {
    const float norm = __builtin_sqrtf(dotOf(x, x, shape.size)), factor = unitFactor(norm, shape.rule);
    const float share = shrinkage(norm, factor, shape.rule) * dotOf(x, gy, shape.size) * scale;
    for (Count i = 0; i < shape.size; ++i)
        assign(gx[i], factor * scale * gy[i] - share * toFloat(x[i]));
}

template <class Lanes>
using LaneOf = typename Lanes::Lane;

// The earlier and the later element of a lane; of FloatLanes only the first counts.
template <class Lanes>
LaneOf<Lanes> laneOf(float earlier, float later) {
    if constexpr (Lanes::depth == 1) {
        return earlier;
    } else {
        BFloat16 low, high;
        assign(low, earlier);
        assign(high, later);
        return static_cast<std::uint32_t>(high.bits) << 16 | low.bits;
    }
}

// A block of rows in the two ways in which it enters a product: summed along its rows' elements, or over the
// rows. The first kind is laid out by rows (Left) or turned (Right).
template <class Lanes>
void layRow(const float* row, Count width, LaneOf<Lanes>* to, Count step) {
    for (Count i = 0; i < width / Lanes::depth; ++i)
        to[i * step] = laneOf<Lanes>(row[i * Lanes::depth], row[i * Lanes::depth + Lanes::depth - 1]);
}
// width: a multiple of 16.
template <class Lanes>
void layAcross(const float* const* rows, Count width, LaneOf<Lanes>* to) {
    if constexpr (Lanes::depth == 1)
        __builtin_memcpy(to, rows[0], static_cast<std::size_t>(width) * sizeof(float));
    else
        Lanes::interleave(rows[0], rows[1], width, to);
}

// Keys or values of a head: their rows one by one, and Lanes::depth rows at a time. With FloatLanes both are
// the same memory.
template <class Lanes>
struct Laid {
    LaneOf<Lanes>*rows, *across;
    Count rowStep, acrossStep;

    Left<Lanes> left(Count first) const { return {rows + first * rowStep, rowStep, 1}; }
    Right<Lanes> right(Count first) const { return {across + first / Lanes::depth * acrossStep, acrossStep}; }
};

template <class Lanes>
Laid<Lanes> laidIn(float* memory, Count rows, Count width) {
    auto* lanes = reinterpret_cast<LaneOf<Lanes>*>(memory);
    return {lanes, Lanes::depth == 1 ? lanes : lanes + rows * width / Lanes::depth, width / Lanes::depth,
            width};
}
template <class Lanes>
Laid<Lanes> preparedPart(const AttentionShape& shape, float* prepared, Part part) {
    const Count size = shape.paddedKeys * shape.paddedSize;
    return laidIn<Lanes>(prepared + (part - 1) * size, shape.paddedKeys, shape.paddedSize);
}

// Two rows that become part of a block.
template <class Lanes>
void layTwo(const float* const* rows, Count first, const Laid<Lanes>& to, Count width) {
    for (Count i = 0; i < 2; i += Lanes::depth)
        layAcross<Lanes>(rows + i, width, to.across + (first + i) / Lanes::depth * to.acrossStep);
    if constexpr (Lanes::depth > 1)
        for (Count i = 0; i < 2; ++i)
            Lanes::round(rows[i], width, to.rows + (first + i) * to.rowStep);
}

template <class Lanes, class Value>
void prepareKeys(const AttentionShape& shape, const Value* qkv, const float* memory, Count head, Count first,
                 Count count, float* prepared) {
    float pair[2][attentionLargestSize];
    const float* const rows[2] = {pair[0], pair[1]};
    for (const Part part : keyParts)
        for (Count key = first; key < first + count; key += 2) {
            for (Count i = 0; i < 2; ++i) {
                const Count later = key + i + rowsAhead - shape.memory;
                if (later >= 0 && later < shape.tokens)
                    comesSoon(tokenRow(qkv, shape, head, later, part), shape);
                if (key + i < shape.memory)
                    unitRow(memoryRow(memory, shape, head, key + i, part), pair[i], shape, 1);
                else if (key + i < shape.keys)
                    unitRow(tokenRow(qkv, shape, head, key + i - shape.memory, part), pair[i], shape, 1);
                else
                    __builtin_memset(pair[i], 0, sizeof pair[i]);
            }
            layTwo<Lanes>(rows, key, preparedPart<Lanes>(shape, prepared, part), shape.paddedSize);
        }
}

// The part of the keys that a block meets at a time.
struct KeyTiles {
    Count count, length;  // length: of all but the last

    explicit KeyTiles(const AttentionShape& shape)
        : count((shape.keys + attentionKeys - 1) / attentionKeys),
          length(roundedUp((shape.keys + count - 1) / count, 12)) {}
};

struct Scratch {
    float* next;

    float* floats(Count n) {
        float* taken = next;
        next += roundedUp(n, 16);
        return taken;
    }
    template <class Lanes>
    LaneOf<Lanes>* lanes(Count n) {
        return reinterpret_cast<LaneOf<Lanes>*>(floats(n));
    }
};

// The rows of a block's queries, or of the gradient of its results: turned, so that keys times these are a
// tile, and across, so that a tile times these is a gradient of keys.
template <class Lanes>
struct BlockRows {
    LaneOf<Lanes>*turned, *across;

    BlockRows(Scratch& scratch, const AttentionShape& shape)
        : turned(scratch.lanes<Lanes>(shape.paddedSize * tileStep)),
          across(scratch.lanes<Lanes>(attentionRows * shape.paddedSize)) {}

    // read(row, to): writes a padded row.
    template <class Read>
    void fill(const AttentionShape& shape, Count rows, const Read& read) {
        float pair[2][attentionLargestSize];
        const float* const both[2] = {pair[0], pair[1]};
        for (Count row = 0; row < roundedUp(rows, 16); row += 2) {
            for (Count i = 0; i < 2; ++i) {
                if (row + i < rows)
                    read(row + i, pair[i]);
                else
                    __builtin_memset(pair[i], 0, sizeof pair[i]);
                layRow<Lanes>(pair[i], shape.paddedSize, turned + row + i, tileStep);
            }
            for (Count i = 0; i < 2; i += Lanes::depth)
                layAcross<Lanes>(both + i, shape.paddedSize,
                                 across + (row + i) / Lanes::depth * shape.paddedSize);
        }
    }
    Right<Lanes> rightTurned() const { return {turned, tileStep}; }
    Right<Lanes> rightAcross(const AttentionShape& shape) const { return {across, shape.paddedSize}; }
};

template <class Lanes, class Value>
void fillQueries(BlockRows<Lanes>& queries, const AttentionShape& shape, const Value* qkv,
                 const QueryBlock& block) {
    queries.fill(shape, block.rows, [&](Count row, float* to) {
        const Value* from = tokenRow(qkv, shape, block.head, block.first + row, Query);
        if (row + rowsAhead < block.rows)
            comesSoon(tokenRow(qkv, shape, block.head, block.first + row + rowsAhead, Query), shape);
        unitRow(from, to, shape, shape.temperature);
    });
}

// tile = e^tile, added up over keys; and as left operand of queries times values.
template <class Lanes>
void exponentials(float* tile, Count keys, Count rows, LaneOf<Lanes>* across, float* __restrict sums) {
    for (Count key = 0; key < roundedUp(keys, Lanes::depth); ++key) {
        float* __restrict row = tile + key * tileStep;
        const float counts = key < keys ? 1 : 0;  // the last of an odd number has a companion
        for (Count r = 0; r < rows; ++r) {
            row[r] = expWithin(row[r]);
            sums[r] += counts * row[r];
        }
        if constexpr (Lanes::depth > 1)
            if (key % 2 == 1)
                Lanes::interleave(row - tileStep, row, rows, across + key / 2 * tileStep);
    }
}

template <class Lanes>
Count lanesOf(Count n) {
    return (n + Lanes::depth - 1) / Lanes::depth;
}

template <class Lanes, class Value>
void forwardBlock(const AttentionShape& shape, const Value* qkv, const float* prepared, QueryBlock block,
                  float* memory, Value* out, float* logSums) {
    auto* source = const_cast<float*>(prepared);
    const auto keys = preparedPart<Lanes>(shape, source, Key),
               values = preparedPart<Lanes>(shape, source, Member);
    const Count padded = roundedUp(block.rows, 16), width = shape.paddedSize;
    Scratch scratch{memory};
    BlockRows<Lanes> queries(scratch, shape);
    float* tile = scratch.floats(attentionKeys * tileStep);
    float* result = scratch.floats(attentionRows * width);
    float* sums = scratch.floats(tileStep);
    auto* left = Lanes::depth == 1 ? reinterpret_cast<LaneOf<Lanes>*>(tile)
                                   : scratch.lanes<Lanes>(attentionKeys * tileStep / 2);
    fillQueries(queries, shape, qkv, block);
    for (Count r = 0; r < padded; ++r)
        sums[r] = 0;
    const KeyTiles tiles(shape);
    for (Count first = 0; first < shape.keys; first += tiles.length) {
        const Count count = smaller(tiles.length, shape.keys - first);
        product<Lanes>(roundedUp(count, Lanes::depth), padded, lanesOf<Lanes>(shape.size), keys.left(first),
                       queries.rightTurned(), {tile, tileStep, false});
        exponentials<Lanes>(tile, count, padded, left, sums);
        product<Lanes>(block.rows, width, lanesOf<Lanes>(count), {left, 1, tileStep}, values.right(first),
                       {result, width, first > 0});
    }
    for (Count row = 0; row < block.rows; ++row) {
        Value* to = outRow(out, shape, block.head, block.first + row);
        const float factor = 1.0F / sums[row];
        for (Count i = 0; i < shape.size; ++i)
            assign(to[i], factor * result[row * width + i]);
        logSums[block.head * shape.tokens + block.first + row] = __builtin_logf(sums[row]);
    }
}

}  // namespace
}  // namespace denoscope::kernels::DENOSCOPE_ARCH
