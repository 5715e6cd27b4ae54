// SPDX-License-Identifier: GPL-3.0-or-later
// oneDNN, on this thread.
#pragma once

#include <ATen/core/Tensor.h>

#include <dnnl.hpp>

namespace denoscope::kernels {

const dnnl::engine& dnnlEngine();
dnnl::stream& dnnlStream();

dnnl::memory::data_type dnnlType(at::ScalarType type);

// A tensor's memory, which must lie as `desc` says.
dnnl::memory dnnlMemory(const dnnl::memory::desc& desc, const at::Tensor& tensor);
// New memory for `desc`, from LibTorch's allocator: its owner and the view of it.
struct DnnlBuffer {
    at::Tensor owner;
    dnnl::memory memory;
};
DnnlBuffer dnnlBuffer(const dnnl::memory::desc& desc);

}  // namespace denoscope::kernels
