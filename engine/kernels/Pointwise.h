// SPDX-License-Identifier: GPL-3.0-or-later
// The magnitude-preserving operations of engine/nets/Ops.h, each in one pass over memory and with a gradient
// of its own. Tensors (B, C, ...size), float32 or bfloat16; results have their channels last.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/Array.h"

namespace torch::autograd {
struct AutogradContext;
}

namespace denoscope::kernels {

// dropout(mpSilu(x scale)). What its gradient needs is x alone: the result is made again where it is asked
// for twice.
struct Activation {
    at::Tensor x;                    // (B, C, ...size), channels last
    at::Tensor scale;                // (B, C) contiguous float32; undefined: 1, and no dropout
    double dropout = 0;              // share that is dropped
    std::vector<std::int64_t> keys;  // of each item's mask; empty without dropout

    at::Tensor result() const;
    struct Gradients {
        at::Tensor x, scale;
    };
    Gradients gradients(const at::Tensor& ofResult) const;
};
Activation siluOf(const at::Tensor& x);
// keys: of each item's mask; empty without dropout.
Activation modulatedSiluOf(const at::Tensor& x, const at::Tensor& scale, double dropout,
                           const std::vector<std::uint64_t>& keys);

at::Tensor activated(const Activation& activation);

// For functions with a gradient that begin with an activation. LibTorch's functions take tensors, which are
// never undefined, and numbers: these take scaleOrNothing() for the scale, keep the numbers, and put it
// together again.
at::Tensor scaleOrNothing(const Activation& activation);
void keepNumbers(torch::autograd::AutogradContext& context, bool modulated, double dropout,
                 const std::vector<std::int64_t>& keys);
Activation keptActivation(torch::autograd::AutogradContext& context, const at::Tensor& x,
                          const at::Tensor& scale);
// The mask that it applies, with its factor 1 / (1 - dropout): (B, C, ...size) float32.
at::Tensor dropoutMask(const Shape& shape, double dropout, const std::vector<std::uint64_t>& keys);

// ca a + cb b.
at::Tensor weightedSum(const at::Tensor& a, double ca, const at::Tensor& b, double cb);

// The channels of ca a, then those of cb b.
at::Tensor weightedCat(const at::Tensor& a, double ca, const at::Tensor& b, double cb);

}  // namespace denoscope::kernels
