// SPDX-License-Identifier: GPL-3.0-or-later
// How the kernels see tensors: (B, C, ...size) of any spatial rank with the channels of one place side by
// side in memory, so that every operation along channels, and every 1x1 convolution, reads memory in order.
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/api/Array.h"
#include "engine/kernels/BFloat16.h"

namespace denoscope::kernels {

// x itself where it lies so already.
at::Tensor channelsLast(const at::Tensor& x);

// Uninitialised.
at::Tensor emptyChannelsLast(at::IntArrayRef shape, at::ScalarType type);
at::Tensor emptyFloats(at::IntArrayRef shape);  // contiguous

// Calls f(Value{}) with float or BFloat16, as which the tensor's memory can be read.
template <class F>
auto withValueType(const at::Tensor& x, const F& f) {
    TORCH_CHECK(x.scalar_type() == at::kBFloat16 || x.scalar_type() == at::kFloat,
                "kernels compute in float and bfloat16, not in ", x.scalar_type());
    return x.scalar_type() == at::kBFloat16 ? f(BFloat16{}) : f(float{});
}
template <class Value>
const Value* valuesOf(const at::Tensor& x) {
    return static_cast<const Value*>(x.data_ptr());
}
template <class Value>
Value* mutableValuesOf(const at::Tensor& x) {
    return static_cast<Value*>(x.data_ptr());
}

// To be called after writing through mutableValuesOf() into a tensor that others hold: LibTorch, and what is
// kept of packed weights, learn of it.
void markChanged(const at::Tensor& tensor);

}  // namespace denoscope::kernels
