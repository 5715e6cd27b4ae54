// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of Pointwise.h and RowNorm.h over plain memory, on one thread. Value is float or BFloat16;
// what is computed, is computed in float.
#pragma once

#include <cstdint>

#include "engine/kernels/BFloat16.h"

namespace denoscope::kernels {

// Which elements dropout takes: with the same key always the same ones (see dropped() in VectorMath.h).
struct DropoutRow {
    std::uint64_t key = 0;
    std::uint32_t threshold = 0;  // share of the elements that is dropped, times 2^32; 0 = none
    float kept = 1;               // factor of those that stay
};

// How rows are brought to unit root mean square; see ops::pixelNorm.
struct NormRule {
    bool paper = true;
    float root = 1;   // of the row's length
    float scale = 1;  // of the result
};

template <class Value>
struct PointwiseLoops {
    using In = const Value*;
    using Out = Value*;
    using Count = std::int64_t;

    // y = silu(x) / 0.596, and gx = gy dy/dx.
    void (*silu)(In x, Out y, Count n);
    void (*siluBackward)(In x, In gy, Out gx, Count n);

    // Rows of one item, x and y (rows, channels): y = dropout(silu(x scale) / 0.596). firstRow: number of the
    // first row within the item.
    void (*modulatedSilu)(In x, const float* scale, Out y, Count firstRow, Count rows, Count channels,
                          DropoutRow dropout);
    // gScale (channels): what these rows add is added.
    void (*modulatedSiluBackward)(In x, const float* scale, In gy, Out gx, float* gScale, Count firstRow,
                                  Count rows, Count channels, DropoutRow dropout);
    // y = kept or 0.
    void (*dropoutMask)(Out y, Count first, Count n, DropoutRow dropout);

    // y = ca a + cb b.
    void (*pair)(In a, float ca, In b, float cb, Out y, Count n);
    // y = the sum of weights[k] rows[k] over taps <= 4; 0 of none.
    void (*weightedRows)(const In* rows, const float* weights, int taps, Out y, Count n);
    // Row r: y + r yStride = factor (x + r xStride).
    void (*scaledRows)(In x, Count xStride, Out y, Count yStride, Count rows, Count length, float factor);

    // Each row of x (rows, length) to unit root mean square times rule.scale; its norm into norms.
    void (*normRows)(In x, Out y, float* norms, Count rows, Count length, NormRule rule);
    // gx may be gy. From the result y of normRows (rule.scale = 1), or from its input x.
    void (*normRowsBackward)(In y, In gy, const float* norms, Out gx, Count rows, Count length,
                             NormRule rule);
    void (*normRowsBackwardFromInput)(In x, In gy, const float* norms, Out gx, Count rows, Count length,
                                      NormRule rule);
};

// The best ones for this processor.
template <class Value>
const PointwiseLoops<Value>& pointwiseLoops();
template <>
const PointwiseLoops<float>& pointwiseLoops<float>();
template <>
const PointwiseLoops<BFloat16>& pointwiseLoops<BFloat16>();

}  // namespace denoscope::kernels
