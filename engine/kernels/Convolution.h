// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions and linear maps with weights that are brought to unit magnitude as they are packed.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "engine/api/Config.h"
#include "engine/kernels/Pointwise.h"
#include "engine/kernels/RowNorm.h"

namespace denoscope::kernels {

// While one lives, this thread keeps what convolutions and linear maps without gradients have packed of their
// weights until these change (told by their version counters): a request for samples packs once. Scopes nest.
class KeepPackedWeights {
public:
    KeepPackedWeights();
    ~KeepPackedWeights();
    KeepPackedWeights(const KeepPackedWeights&) = delete;
    KeepPackedWeights& operator=(const KeepPackedWeights&) = delete;

private:
    struct Kept;
    friend class UnitWeight;

    static Kept*& innermost();

    std::unique_ptr<Kept> m_kept;
    Kept* m_before;
};

// A weight (out, in, k...) or (out, in), float32: every output's vector at unit root mean square, divided by
// `root` (EDM2 algorithm 1).
class UnitWeight {
public:
    UnitWeight() = default;
    UnitWeight(at::Tensor raw, double root, Compat compat);

    // x: (B, in, ...size), float32 or bfloat16, as is the result, whose channels lie last. Stride 1, padded
    // by (k - 1) / 2: extents stay.
    at::Tensor convolve(const at::Tensor& x) const;
    // The same of what an activation makes of its argument, which is all that is kept for the gradients.
    at::Tensor convolve(const Activation& activation) const;
    // What convolve(x) gave, once more and without gradients, for gradients of what need not be kept.
    at::Tensor convolveAgain(const at::Tensor& x) const;
    // x: (B, in) float32.
    at::Tensor apply(const at::Tensor& x) const;

private:
    at::Tensor convolveOnly(const at::Tensor& x) const;  // without a gradient

    at::Tensor m_raw;
    NormRule m_rule;
};

}  // namespace denoscope::kernels
