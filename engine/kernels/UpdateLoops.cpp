// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/UpdateLoops.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

using Count = UpdateLoops::Count;

void adam(float* __restrict weights, const float* __restrict gradient, float* __restrict first,
          float* __restrict second, Count n, AdamRule rule) {
    for (Count i = 0; i < n; ++i) {
        const float g = gradient[i] + rule.pull * weights[i];
        const float m = first[i] + rule.newFirst * (g - first[i]);
        const float v = rule.keptSecond * second[i] + rule.newSecond * g * g;
        first[i] = m;
        second[i] = v;
        weights[i] =
            rule.shrink * weights[i] - rule.rate * m / (__builtin_sqrtf(v) * rule.secondScale + rule.epsilon);
    }
}

void moveAverage(float* __restrict average, const float* __restrict weights, Count n, float share) {
    const float rest = 1 - share;
    if (share < 0.5F)
        for (Count i = 0; i < n; ++i)
            average[i] += share * (weights[i] - average[i]);
    else
        for (Count i = 0; i < n; ++i)
            average[i] = weights[i] - rest * (weights[i] - average[i]);
}

// In double: squares of large gradients do not fit a float.
double squares(const float* x, Count n) {
    double sum = 0;
#pragma omp simd reduction(+ : sum)
    for (Count i = 0; i < n; ++i)
        sum += static_cast<double>(x[i]) * static_cast<double>(x[i]);
    return sum;
}

}  // namespace

extern const UpdateLoops updates;
const UpdateLoops updates{adam, moveAverage, squares};

}  // namespace denoscope::kernels::DENOSCOPE_ARCH
