// SPDX-License-Identifier: GPL-3.0-or-later
// oneDNN, version 2 or 3, on this thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <dnnl.hpp>

namespace denoscope::kernels {

const dnnl::engine& dnnlEngine();
dnnl::stream& dnnlStream();

dnnl::memory::data_type dnnlType(at::ScalarType type);

// A convolution of stride 1, padded by (k - 1) / 2, by the direct algorithm. Its primitives take their
// scratch memory as an argument.
struct ConvolutionAbout {
    dnnl::memory::desc input, weight, output;

    dnnl::convolution_forward::primitive_desc forward() const;
    // hint: of the same convolution.
    dnnl::convolution_backward_data::primitive_desc inputGradient(
        const dnnl::convolution_forward::primitive_desc& hint) const;
    dnnl::convolution_backward_weights::primitive_desc weightGradient(
        const dnnl::convolution_forward::primitive_desc& hint) const;
};
dnnl::matmul::primitive_desc productAbout(const dnnl::memory::desc& left, const dnnl::memory::desc& right,
                                          const dnnl::memory::desc& result);

// A tensor's memory, which must lie as `desc` says.
dnnl::memory dnnlMemory(const dnnl::memory::desc& desc, const at::Tensor& tensor);
// New memory for `desc`, from LibTorch's allocator: its owner and the view of it.
struct DnnlBuffer {
    at::Tensor owner;
    dnnl::memory memory;
};
DnnlBuffer dnnlBuffer(const dnnl::memory::desc& desc);

}  // namespace denoscope::kernels
