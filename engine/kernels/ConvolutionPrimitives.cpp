// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/ConvolutionPrimitives.h"

#include <ATen/ATen.h>

#include <map>

namespace denoscope::kernels {
namespace {

using dnnl::memory;

memory::format_tag channelsLastTag(std::size_t rank) {
    return rank == 1   ? memory::format_tag::nwc
           : rank == 2 ? memory::format_tag::nhwc
                       : memory::format_tag::ndhwc;
}
memory::format_tag plainWeightTag(std::size_t rank) {
    return rank == 1   ? memory::format_tag::oiw
           : rank == 2 ? memory::format_tag::oihw
                       : memory::format_tag::oidhw;
}

// `primitive` is made at its first use.
void reorder(memory& from, memory& to, dnnl::reorder& primitive) {
    if (!primitive)
        primitive = dnnl::reorder(from, to);
    primitive.execute(dnnlStream(), from, to);
}

}  // namespace

ConvolutionPrimitives::ConvolutionPrimitives(const ConvolutionProblem& problem) {
    const std::size_t rank = problem.input.size() - 2;
    Shape output = problem.input;
    output[1] = problem.weight[0];
    for (std::size_t axis = 2; axis < problem.weight.size(); ++axis)
        m_padding.push_back((problem.weight[axis] - 1) / 2);
    m_strides.assign(rank, 1);
    const auto type = problem.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
    m_input = {problem.input, type, channelsLastTag(rank)};
    m_output = {output, type, channelsLastTag(rank)};
    m_weight = {problem.weight, type, memory::format_tag::any};
    m_plainWeight = {problem.weight, memory::data_type::f32, plainWeightTag(rank)};
    m_forwardAbout = dnnl::convolution_forward::primitive_desc(
        {dnnl::prop_kind::forward_training, dnnl::algorithm::convolution_direct, m_input, m_weight, m_output,
         m_strides, m_padding, m_padding},
        dnnlEngine());
    m_forward = dnnl::convolution_forward(m_forwardAbout);
}

at::Tensor ConvolutionPrimitives::packForward(const at::Tensor& weight) {
    return packed(weight, forwardWeight(), m_packForward);
}

void ConvolutionPrimitives::forward(const memory& x, const memory& weight, const memory& y) {
    m_forward.execute(dnnlStream(), {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DST, y}});
}

memory::desc ConvolutionPrimitives::backwardWeight() {
    return ofInput().about.weights_desc();
}

at::Tensor ConvolutionPrimitives::packBackward(const at::Tensor& weight) {
    return packed(weight, backwardWeight(), ofInput().pack);
}

void ConvolutionPrimitives::inputGradient(const memory& gy, const memory& weight, const memory& gx) {
    ofInput().primitive.execute(
        dnnlStream(), {{DNNL_ARG_DIFF_DST, gy}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DIFF_SRC, gx}});
}

memory::desc ConvolutionPrimitives::gradientWeight() {
    return ofWeight().about.diff_weights_desc();
}

at::Tensor ConvolutionPrimitives::unpackGradient(memory packedGradient) {
    at::Tensor plain = at::empty(m_weight.dims(), at::TensorOptions().dtype(at::kFloat));
    memory to = dnnlMemory(m_plainWeight, plain);
    reorder(packedGradient, to, ofWeight().unpack);
    return plain;
}

void ConvolutionPrimitives::weightGradient(const memory& x, const memory& gy, const memory& gWeight) {
    ofWeight().primitive.execute(
        dnnlStream(), {{DNNL_ARG_SRC, x}, {DNNL_ARG_DIFF_DST, gy}, {DNNL_ARG_DIFF_WEIGHTS, gWeight}});
}

at::Tensor ConvolutionPrimitives::packed(const at::Tensor& weight, const memory::desc& layout,
                                         dnnl::reorder& pack) const {
    memory from = dnnlMemory(m_plainWeight, weight);
    DnnlBuffer to = dnnlBuffer(layout);
    reorder(from, to.memory, pack);
    return to.owner;
}

ConvolutionPrimitives::OfInput& ConvolutionPrimitives::ofInput() {
    if (!m_ofInput) {
        const dnnl::convolution_backward_data::primitive_desc about(
            {dnnl::algorithm::convolution_direct, m_input, m_weight, m_output, m_strides, m_padding,
             m_padding},
            dnnlEngine(), m_forwardAbout);
        m_ofInput = {about, dnnl::convolution_backward_data(about), {}};
    }
    return *m_ofInput;
}

ConvolutionPrimitives::OfWeight& ConvolutionPrimitives::ofWeight() {
    if (!m_ofWeight) {
        // In float, so that gradients of a bfloat16 step are not rounded before they are summed.
        const memory::desc weight(m_weight.dims(), memory::data_type::f32, memory::format_tag::any);
        const dnnl::convolution_backward_weights::primitive_desc about(
            {dnnl::algorithm::convolution_direct, m_input, weight, m_output, m_strides, m_padding, m_padding},
            dnnlEngine(), m_forwardAbout);
        m_ofWeight = {about, dnnl::convolution_backward_weights(about), {}};
    }
    return *m_ofWeight;
}

// Making primitives takes longer than a small convolution. Bounded, for sizes may change for ever.
ConvolutionPrimitives& primitivesFor(const ConvolutionProblem& problem) {
    constexpr std::size_t most = 512;
    thread_local std::map<ConvolutionProblem, ConvolutionPrimitives> known;
    const auto found = known.find(problem);
    if (found != known.end())
        return found->second;
    if (known.size() >= most)
        known.clear();
    return known.try_emplace(problem, problem).first->second;
}

}  // namespace denoscope::kernels
