// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "engine/api/Config.h"

namespace denoscope::kernels {

// How queries, keys and values can be made again for the gradients; without remake they are kept.
struct QkvSource {
    at::Tensor from;  // which is kept instead
    std::function<at::Tensor(const at::Tensor& from)> remake{};
};

// Multi-head attention whose queries, keys and values have unit magnitude (ops::pixelNorm along a head), with
// learned tokens before the keys and values, and without the matrix of scores: what it takes grows with the
// tokens, not with their square.
//   qkv      (groups, tokens, 3 x heads x headSize) float32 or bfloat16: queries, keys, values one after
//            another; groups do not see each other
//   memory   (2, heads, memory tokens, headSize) float32: keys and values; may have no tokens
// Returns (groups, tokens, heads x headSize) as qkv. Sums are in float32; products are in bfloat16 where qkv
// is and the processor can. Neither the number of threads nor the other groups change a bit of a group's
// result.
at::Tensor unitAttention(const at::Tensor& qkv, const at::Tensor& memory, std::int64_t heads,
                         std::int64_t headSize, Compat compat, const QkvSource& source = {});

// The heads that it can do.
bool canAttend(std::int64_t headSize);

}  // namespace denoscope::kernels
