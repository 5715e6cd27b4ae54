// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/Layout.h"

#include <ATen/ATen.h>

namespace denoscope::kernels {
namespace {

// Of channels that lie side by side: (B, C, ...size).
Shape channelsLastStrides(at::IntArrayRef shape) {
    Shape strides(shape.size(), 1);
    std::int64_t stride = shape[1];
    for (std::size_t axis = shape.size() - 1; axis >= 2; --axis) {
        strides[axis] = stride;
        stride *= shape[axis];
    }
    strides[0] = stride;
    return strides;
}

bool liesSo(const at::Tensor& x) {
    const Shape strides = channelsLastStrides(x.sizes());
    for (std::size_t axis = 0; axis < strides.size(); ++axis)
        if (x.sizes()[axis] != 1 && x.strides()[axis] != strides[axis])
            return x.numel() == 0;
    return true;
}

}  // namespace

at::Tensor channelsLast(const at::Tensor& x) {
    return liesSo(x) ? x : x.movedim(1, -1).contiguous().movedim(-1, 1);
}

at::Tensor emptyChannelsLast(at::IntArrayRef shape, at::ScalarType type) {
    return at::empty_strided(shape, channelsLastStrides(shape), at::TensorOptions().dtype(type));
}

at::Tensor emptyFloats(at::IntArrayRef shape) {
    return at::empty(shape, at::TensorOptions().dtype(at::kFloat));
}

void markChanged(const at::Tensor& tensor) {
    tensor.unsafeGetTensorImpl()->bump_version();
}

}  // namespace denoscope::kernels
