// SPDX-License-Identifier: GPL-3.0-or-later
// Products of small matrices that lie in the cache, with the result's tile in registers. For *Loops.cpp
// alone.
// With DENOSCOPE_PAIRS defined the compiler must be allowed AVX-512 BF16.
//
// A lane is what one multiplication takes from an operand: a float, or two neighbours along the summed
// dimension in bfloat16, whose products are summed in float by one instruction.
#pragma once

#include <cstdint>

#include "engine/kernels/VectorMath.h"

#ifdef DENOSCOPE_PAIRS
#include <immintrin.h>
#endif

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

using Count = std::int64_t;

inline Count smaller(Count a, Count b) {
    return a < b ? a : b;
}

// How many registers wide a tile is at most: with 6 rows they fill those there are.
constexpr int widestTile = vectorLanes == 16 ? 4 : 2;

struct FloatLanes {
    static constexpr Count depth = 1;  // elements of the summed dimension in a lane
    using Lane = float;
    using Vector = FloatsInMemory;

    static void addProduct(Floats& sum, Lane a, const Vector& b) { sum += a * b; }
};

#ifdef DENOSCOPE_PAIRS
struct PairLanes {
    static constexpr Count depth = 2;
    using Lane = std::uint32_t __attribute__((may_alias));  // the earlier one in the lower half
    using Vector = std::uint32_t __attribute__((vector_size(64), aligned(4), may_alias));

    static void addProduct(Floats& sum, Lane a, const Vector& b) {
        sum = _mm512_dpbf16_ps(sum, reinterpret_cast<__m512bh>(_mm512_set1_epi32(static_cast<int>(a))),
                               reinterpret_cast<__m512bh>(b));
    }

    // n: a multiple of 16. Neighbours in a row become lanes; or what two rows have in one place.
    static void round(const float* row, Count n, Lane* to) {
        for (Count i = 0; i < n; i += 16)
            *reinterpret_cast<Halves*>(to + i / 2) = rounded(row + i);
    }
    static void interleave(const float* earlier, const float* later, Count n, Lane* to) {
        for (Count i = 0; i < n; i += 16) {
            const Vector low = __builtin_convertvector(rounded(earlier + i), Vector),
                         high = __builtin_convertvector(rounded(later + i), Vector);
            *reinterpret_cast<Vector*>(to + i) = low | high << 16;
        }
    }

private:
    using Halves = std::uint16_t __attribute__((vector_size(32), aligned(2), may_alias));

    static Halves rounded(const float* from) {
        return reinterpret_cast<Halves>(_mm512_cvtneps_pbh(_mm512_loadu_ps(from)));
    }
};
#endif

// The left operand: lane (row, k) at data[row * rowStep + k * depthStep].
template <class Lanes>
struct Left {
    const typename Lanes::Lane* data;
    Count rowStep, depthStep;
};
// The right operand: lane (k, column) at data[k * step + column].
template <class Lanes>
struct Right {
    const typename Lanes::Lane* data;
    Count step;
};
// The result: (row, column) at data[row * step + column]; added to what is there, or written.
struct Result {
    float* data;
    Count step;
    bool add;
};

template <class Lanes, int rows, int width>
[[gnu::always_inline]] inline void tileProduct(const Left<Lanes>& a, const Right<Lanes>& b, const Result& c,
                                               Count depth) {
    // Aligned, for what the compiler keeps of them in memory it moves as whole registers.
    alignas(64) Floats sums[rows][width];
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
        for (int j = 0; j < width; ++j)
            sums[i][j] = c.add ? floatsAt(c.data + i * c.step + j * vectorLanes) : Floats{};
    for (Count k = 0; k < depth; ++k) {
        alignas(64) typename Lanes::Vector right[width];
#pragma GCC unroll 4
        for (int j = 0; j < width; ++j)
            right[j] =
                *reinterpret_cast<const typename Lanes::Vector*>(b.data + k * b.step + j * vectorLanes);
#pragma GCC unroll 16
        for (int i = 0; i < rows; ++i) {
            const typename Lanes::Lane left = a.data[i * a.rowStep + k * a.depthStep];
#pragma GCC unroll 4
            for (int j = 0; j < width; ++j)
                Lanes::addProduct(sums[i][j], left, right[j]);
        }
    }
#pragma GCC unroll 16
    for (int i = 0; i < rows; ++i)
#pragma GCC unroll 4
        for (int j = 0; j < width; ++j)
            store(c.data + i * c.step + j * vectorLanes, sums[i][j]);
}

// Fewer rows than a whole tile has.
template <class Lanes, int rowsOfTile, int width>
void lowProduct(Count rows, const Left<Lanes>& a, const Right<Lanes>& b, const Result& c, Count depth) {
    if constexpr (rowsOfTile > 0) {
        if (rows == rowsOfTile)
            tileProduct<Lanes, rowsOfTile, width>(a, b, c, depth);
        else
            lowProduct<Lanes, rowsOfTile - 1, width>(rows, a, b, c, depth);
    }
}

// All rows of a strip of columns.
template <class Lanes, int rowsOfTile, int width>
void stripProduct(Count rows, Left<Lanes> a, const Right<Lanes>& b, Result c, Count depth) {
    for (; rows >= rowsOfTile; rows -= rowsOfTile) {
        tileProduct<Lanes, rowsOfTile, width>(a, b, c, depth);
        a.data += rowsOfTile * a.rowStep;
        c.data += rowsOfTile * c.step;
    }
    lowProduct<Lanes, rowsOfTile - 1, width>(rows, a, b, c, depth);
}

// c = a b. columns: a multiple of 16. depth: in lanes.
template <class Lanes>
void product(Count rows, Count columns, Count depth, const Left<Lanes>& a, Right<Lanes> b, Result c) {
    const auto strips = [&](auto strip, Count width) {
        for (; columns >= width; columns -= width, b.data += width, c.data += width)
            strip(rows, a, b, c, depth);
    };
    strips(stripProduct<Lanes, 6, widestTile>, widestTile * vectorLanes);
    if constexpr (widestTile > 2) {
        strips(stripProduct<Lanes, 12, 2>, 2 * vectorLanes);
        strips(stripProduct<Lanes, 12, 1>, vectorLanes);
    }
}

}  // namespace
}  // namespace denoscope::kernels::DENOSCOPE_ARCH
