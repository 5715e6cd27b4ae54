// SPDX-License-Identifier: GPL-3.0-or-later
// How this thread computes: in which precision, and with which kernels.
#pragma once

#include "engine/api/Config.h"

namespace denoscope {

// While it lives, convolutions and matrix products of this thread run in bfloat16 where asked, and operations
// that have a fused kernel use it where asked. Scopes nest. Without one: float32 and plain kernels.
class ComputeScope {
public:
    // recompute: networks keep what their blocks begin with and compute the rest again for the gradients.
    ComputeScope(Precision precision, Kernels kernels, bool recompute = false);
    explicit ComputeScope(const TrainingConfig& training)
        : ComputeScope(training.precision, training.kernels, training.recompute) {}
    ~ComputeScope();
    ComputeScope(const ComputeScope&) = delete;
    ComputeScope& operator=(const ComputeScope&) = delete;

private:
    Precision m_precisionBefore;
    Kernels m_kernelsBefore;
    bool m_recomputeBefore;
    bool m_autocastBefore;
};

// Of the innermost scope of this thread.
Precision computePrecision();
bool fusedKernels();
bool recomputes();

}  // namespace denoscope
