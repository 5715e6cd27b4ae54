// SPDX-License-Identifier: GPL-3.0-or-later
// Rows brought to unit root mean square (ops::pixelNorm), and the gradient of that. For *Loops.cpp alone.
#pragma once

#include <cstdint>

#include "engine/kernels/PointwiseLoops.h"
#include "engine/kernels/VectorMath.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

constexpr float smallestNorm = 1e-4F;

template <class A, class B>
float dotOf(const A* a, const B* b, std::int64_t n) {
    Floats sums{};
    std::int64_t i = 0;
    for (; i + vectorLanes <= n; i += vectorLanes)
        sums += floatsAt(a + i) * floatsAt(b + i);
    float sum = sumOf(sums);
    for (; i < n; ++i)
        sum += toFloat(a[i]) * toFloat(b[i]);
    return sum;
}

// The factor that brings a row of this norm to unit root mean square.
inline float unitFactor(float norm, const NormRule& rule) {
    if (rule.paper)
        return 1.0F / (norm / rule.root + smallestNorm);
    return rule.root / (norm < smallestNorm ? smallestNorm : norm);
}

// How much of x (x . gy) the factor's own dependence on x takes from the gradient.
inline float shrinkage(float norm, float factor, const NormRule& rule) {
    if (rule.paper)
        return norm > 0 ? factor * factor / (norm * rule.root) : 0.0F;
    return norm < smallestNorm ? 0.0F : factor / (norm * norm);
}

}  // namespace
}  // namespace denoscope::kernels::DENOSCOPE_ARCH
