// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions and linear maps with weights that are brought to unit magnitude as they are packed.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>

#include "engine/api/Config.h"
#include "engine/kernels/Pointwise.h"
#include "engine/kernels/RowNorm.h"

namespace denoscope::kernels {

// A weight (out, in, k...) or (out, in), float32: every output's vector at unit root mean square, divided by
// `root` (EDM2 algorithm 1). Lives on one thread. While no gradients are asked for, the packed weight is kept
// until the raw one changes (told by its version counter): sampling packs once. Not so where a scope
// recomputes (Compute.h), whose first computation asks for none either but shall keep little.
class UnitWeight {
public:
    UnitWeight() = default;
    UnitWeight(at::Tensor raw, double root, Compat compat);

    // x: (B, in, ...size), float32 or bfloat16, as is the result, whose channels lie last. Stride 1, padded
    // by (k - 1) / 2: extents stay.
    at::Tensor convolve(const at::Tensor& x) const;
    // The same of what an activation makes of its argument, which is all that is kept for the gradients.
    at::Tensor convolve(const Activation& activation) const;
    // What convolve(x) gave while gradients were asked for, to the last bit, and without them: for gradients
    // of what need not be kept. Nothing packed is kept.
    at::Tensor convolveAgain(const at::Tensor& x) const;
    // x: (B, in) float32.
    at::Tensor apply(const at::Tensor& x) const;

    struct Packed;

private:
    at::Tensor convolveOnly(const at::Tensor& x) const;  // without a gradient

    at::Tensor m_raw;
    NormRule m_rule;
    std::shared_ptr<Packed> m_packed;  // shared by copies of this object
};

}  // namespace denoscope::kernels
