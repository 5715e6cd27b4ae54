// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/OneDnn.h"

#include <ATen/ATen.h>

namespace denoscope::kernels {

const dnnl::engine& dnnlEngine() {
    static const dnnl::engine engine(dnnl::engine::kind::cpu, 0);
    return engine;
}

dnnl::stream& dnnlStream() {
    thread_local dnnl::stream stream(dnnlEngine());
    return stream;
}

dnnl::memory::data_type dnnlType(at::ScalarType type) {
    return type == at::kBFloat16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

dnnl::memory dnnlMemory(const dnnl::memory::desc& desc, const at::Tensor& tensor) {
    return {desc, dnnlEngine(), tensor.data_ptr()};
}

DnnlBuffer dnnlBuffer(const dnnl::memory::desc& desc) {
    at::Tensor owner =
        at::empty({static_cast<std::int64_t>(desc.get_size())}, at::TensorOptions().dtype(at::kByte));
    dnnl::memory memory = dnnlMemory(desc, owner);
    return {std::move(owner), std::move(memory)};
}

}  // namespace denoscope::kernels
