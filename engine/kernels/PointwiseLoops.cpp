// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/PointwiseLoops.h"

#include "engine/kernels/NormMath.h"
#include "engine/kernels/VectorMath.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

using Count = std::int64_t;

constexpr float siluScale = 1.0F / 0.596F;

inline float unitSilu(float x) {
    return siluScale * x * sigmoidOf(x);
}
inline float unitSiluSlope(float x) {
    const float sigmoid = sigmoidOf(x);
    return siluScale * sigmoid * (1.0F + x * (1.0F - sigmoid));
}

template <class Value>
void silu(const Value* x, Value* y, Count n) {
    for (Count i = 0; i < n; ++i)
        assign(y[i], unitSilu(toFloat(x[i])));
}

template <class Value>
void siluBackward(const Value* x, const Value* gy, Value* gx, Count n) {
    for (Count i = 0; i < n; ++i)
        assign(gx[i], toFloat(gy[i]) * unitSiluSlope(toFloat(x[i])));
}

inline float keptOrNot(const DropoutRow& dropout, std::uint32_t element) {
    return dropped(dropout.key, element, dropout.threshold) ? 0.0F : dropout.kept;
}

template <class Value>
void modulatedSilu(const Value* x, const float* scale, Value* y, Count firstRow, Count rows, Count channels,
                   DropoutRow dropout) {
    for (Count row = 0; row < rows; ++row, x += channels, y += channels) {
        const auto first = static_cast<std::uint32_t>((firstRow + row) * channels);
        if (dropout.threshold == 0)
            for (Count c = 0; c < channels; ++c)
                assign(y[c], unitSilu(toFloat(x[c]) * scale[c]));
        else
            for (Count c = 0; c < channels; ++c)
                assign(y[c], unitSilu(toFloat(x[c]) * scale[c]) *
                                 keptOrNot(dropout, first + static_cast<std::uint32_t>(c)));
    }
}

template <class Value>
void modulatedSiluBackward(const Value* x, const float* scale, const Value* gy, Value* gx, float* gScale,
                           Count firstRow, Count rows, Count channels, DropoutRow dropout) {
    for (Count row = 0; row < rows; ++row, x += channels, gy += channels, gx += channels) {
        const auto first = static_cast<std::uint32_t>((firstRow + row) * channels);
#pragma GCC ivdep
        for (Count c = 0; c < channels; ++c) {
            const float value = toFloat(x[c]);
            float g = toFloat(gy[c]) * unitSiluSlope(value * scale[c]);
            if (dropout.threshold != 0)
                g *= keptOrNot(dropout, first + static_cast<std::uint32_t>(c));
            assign(gx[c], g * scale[c]);
            gScale[c] += g * value;
        }
    }
}

template <class Value>
void dropoutMask(Value* y, Count first, Count n, DropoutRow dropout) {
    for (Count i = 0; i < n; ++i)
        assign(y[i], keptOrNot(dropout, static_cast<std::uint32_t>(first + i)));
}

template <class Value>
void pair(const Value* a, float ca, const Value* b, float cb, Value* y, Count n) {
    for (Count i = 0; i < n; ++i)
        assign(y[i], ca * toFloat(a[i]) + cb * toFloat(b[i]));
}

template <class Value>
void weightedRows(const Value* const* rows, const float* weights, int taps, Value* y, Count n) {
    if (taps == 0) {
        for (Count i = 0; i < n; ++i)
            assign(y[i], 0);
        return;
    }
    const Value *a = rows[0], *b = rows[taps > 1 ? 1 : 0], *c = rows[taps > 2 ? 2 : 0],
                *d = rows[taps > 3 ? 3 : 0];
    const float wa = weights[0], wb = taps > 1 ? weights[1] : 0, wc = taps > 2 ? weights[2] : 0,
                wd = taps > 3 ? weights[3] : 0;
    if (taps <= 2)
        for (Count i = 0; i < n; ++i)
            assign(y[i], wa * toFloat(a[i]) + wb * toFloat(b[i]));
    else
        for (Count i = 0; i < n; ++i)
            assign(y[i], wa * toFloat(a[i]) + wb * toFloat(b[i]) + (wc * toFloat(c[i]) + wd * toFloat(d[i])));
}

template <class Value>
void scaledRows(const Value* x, Count xStride, Value* y, Count yStride, Count rows, Count length,
                float factor) {
    for (Count row = 0; row < rows; ++row, x += xStride, y += yStride)
        for (Count i = 0; i < length; ++i)
            assign(y[i], factor * toFloat(x[i]));
}

template <class Value>
void normRows(const Value* x, Value* y, float* norms, Count rows, Count length, NormRule rule) {
    for (Count row = 0; row < rows; ++row, x += length, y += length) {
        norms[row] = __builtin_sqrtf(dotOf(x, x, length));
        const float factor = unitFactor(norms[row], rule) * rule.scale;
#pragma omp simd  // y may be x
        for (Count i = 0; i < length; ++i)
            assign(y[i], factor * toFloat(x[i]));
    }
}

// gx = scale (factor gy - share v (v . gy)), v being the input or the result.
template <class Value>
void backwardRows(const Value* v, const Value* gy, const float* norms, Value* gx, Count rows, Count length,
                  const NormRule& rule, bool fromInput) {
    for (Count row = 0; row < rows; ++row, v += length, gy += length, gx += length) {
        const float factor = unitFactor(norms[row], rule);
        float share = shrinkage(norms[row], factor, rule);
        if (!fromInput)
            share /= factor * factor;
        share *= dotOf(v, gy, length) * rule.scale;
        const float direct = factor * rule.scale;
#pragma omp simd  // gx may be gy
        for (Count i = 0; i < length; ++i)
            assign(gx[i], direct * toFloat(gy[i]) - share * toFloat(v[i]));
    }
}

template <class Value>
void normRowsBackward(const Value* y, const Value* gy, const float* norms, Value* gx, Count rows,
                      Count length, NormRule rule) {
    backwardRows(y, gy, norms, gx, rows, length, rule, false);
}
template <class Value>
void normRowsBackwardFromInput(const Value* x, const Value* gy, const float* norms, Value* gx, Count rows,
                               Count length, NormRule rule) {
    backwardRows(x, gy, norms, gx, rows, length, rule, true);
}

template <class Value>
constexpr PointwiseLoops<Value> loops{silu<Value>,
                                      siluBackward<Value>,
                                      modulatedSilu<Value>,
                                      modulatedSiluBackward<Value>,
                                      dropoutMask<Value>,
                                      pair<Value>,
                                      weightedRows<Value>,
                                      scaledRows<Value>,
                                      normRows<Value>,
                                      normRowsBackward<Value>,
                                      normRowsBackwardFromInput<Value>};

}  // namespace

extern const PointwiseLoops<float> pointwiseFloat;
extern const PointwiseLoops<BFloat16> pointwiseBFloat16;
const PointwiseLoops<float> pointwiseFloat = loops<float>;
const PointwiseLoops<BFloat16> pointwiseBFloat16 = loops<BFloat16>;

}  // namespace denoscope::kernels::DENOSCOPE_ARCH
