// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/OneDnn.h"

#include <ATen/ATen.h>

#include <new>

#include "engine/kernels/LackOfMemory.h"

namespace denoscope::kernels {
namespace {

constexpr auto direct = dnnl::algorithm::convolution_direct;

dnnl::primitive_attr givenScratch() {
    dnnl::primitive_attr attributes;
    attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
    return attributes;
}

struct Steps {
    dnnl::memory::dims strides, padding;

    explicit Steps(const dnnl::memory::desc& weight) {
#if DNNL_VERSION_MAJOR >= 3
        const dnnl::memory::dims extents = weight.get_dims();
#else
        const dnnl::memory::dims extents = weight.dims();
#endif
        for (std::size_t axis = 2; axis < extents.size(); ++axis)
            padding.push_back((extents[axis] - 1) / 2);
        strides.assign(padding.size(), 1);
    }
};

}  // namespace

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

#if DNNL_VERSION_MAJOR >= 3
dnnl::convolution_forward::primitive_desc ConvolutionAbout::forward() const {
    const Steps steps(weight);
    return {dnnlEngine(),  dnnl::prop_kind::forward_training,
            direct,        input,
            weight,        output,
            steps.strides, steps.padding,
            steps.padding, givenScratch()};
}
dnnl::convolution_backward_data::primitive_desc ConvolutionAbout::inputGradient(
    const dnnl::convolution_forward::primitive_desc& hint) const {
    const Steps steps(weight);
    return {dnnlEngine(),  direct,        input,         weight, output,
            steps.strides, steps.padding, steps.padding, hint,   givenScratch()};
}
dnnl::convolution_backward_weights::primitive_desc ConvolutionAbout::weightGradient(
    const dnnl::convolution_forward::primitive_desc& hint) const {
    const Steps steps(weight);
    return {dnnlEngine(),  direct,        input,         weight, output,
            steps.strides, steps.padding, steps.padding, hint,   givenScratch()};
}
dnnl::matmul::primitive_desc productAbout(const dnnl::memory::desc& left, const dnnl::memory::desc& right,
                                          const dnnl::memory::desc& result) {
    return {dnnlEngine(), left, right, result};
}
#else
dnnl::convolution_forward::primitive_desc ConvolutionAbout::forward() const {
    const Steps steps(weight);
    return {{dnnl::prop_kind::forward_training, direct, input, weight, output, steps.strides, steps.padding,
             steps.padding},
            givenScratch(),
            dnnlEngine()};
}
dnnl::convolution_backward_data::primitive_desc ConvolutionAbout::inputGradient(
    const dnnl::convolution_forward::primitive_desc& hint) const {
    const Steps steps(weight);
    return {{direct, input, weight, output, steps.strides, steps.padding, steps.padding},
            givenScratch(),
            dnnlEngine(),
            hint};
}
dnnl::convolution_backward_weights::primitive_desc ConvolutionAbout::weightGradient(
    const dnnl::convolution_forward::primitive_desc& hint) const {
    const Steps steps(weight);
    return {{direct, input, weight, output, steps.strides, steps.padding, steps.padding},
            givenScratch(),
            dnnlEngine(),
            hint};
}
dnnl::matmul::primitive_desc productAbout(const dnnl::memory::desc& left, const dnnl::memory::desc& right,
                                          const dnnl::memory::desc& result) {
    return {dnnl::matmul::desc(left, right, result), dnnlEngine()};
}
#endif

dnnl::memory dnnlMemory(const dnnl::memory::desc& desc, const at::Tensor& tensor) {
    return {desc, dnnlEngine(), tensor.data_ptr()};
}

DnnlBuffer dnnlBuffer(const dnnl::memory::desc& desc) {
    at::Tensor owner =
        at::empty({static_cast<std::int64_t>(desc.get_size())}, at::TensorOptions().dtype(at::kByte));
    dnnl::memory memory = dnnlMemory(desc, owner);
    return {std::move(owner), std::move(memory)};
}

bool isLackOfMemory(const std::exception& error) {
    const auto* ofDnnl = dynamic_cast<const dnnl::error*>(&error);
    return ofDnnl != nullptr ? ofDnnl->status == dnnl_out_of_memory
                             : dynamic_cast<const std::bad_alloc*>(&error) != nullptr;
}

}  // namespace denoscope::kernels
