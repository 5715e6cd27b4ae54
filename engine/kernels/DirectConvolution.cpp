// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/DirectConvolution.h"

#include <ATen/ATen.h>

#include "engine/kernels/Layout.h"

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

ConvolutionAbout aboutOf(const ConvolutionProblem& problem, ActivationLayout activations) {
    const auto type = dnnlType(typeOf(problem));
    const auto layout = activations == ActivationLayout::Any ? memory::format_tag::any
                                                             : channelsLastTag(problem.input.size() - 2);
    return {{problem.input, type, layout},
            {problem.weight, type, memory::format_tag::any},
            {outputOf(problem), type, layout}};
}

void reorder(memory from, memory to, dnnl::reorder& primitive) {
    if (!primitive)
        primitive = dnnl::reorder(from, to);
    primitive.execute(dnnlStream(), from, to);
}

// From the one layout to the other, into new memory.
at::Tensor packed(const memory& weight, const memory::desc& layout, dnnl::reorder& pack) {
    const DnnlBuffer to = dnnlBuffer(layout);
    reorder(weight, to.memory, pack);
    return to.owner;
}

}  // namespace

DirectConvolution::DirectConvolution(const ConvolutionProblem& problem, ActivationLayout layout)
    : m_problem(problem),
      m_about(aboutOf(problem, layout)),
      m_plainWeight(problem.weight, memory::data_type::f32, plainWeightTag(problem.input.size() - 2)),
      m_forward(m_about.forward()) {}

ConvolutionPass<dnnl::convolution_backward_data>& DirectConvolution::ofInput() {
    if (!m_ofInput)
        m_ofInput.emplace(m_about.inputGradient(m_forward.about));
    return *m_ofInput;
}

ConvolutionPass<dnnl::convolution_backward_weights>& DirectConvolution::ofWeight() {
    if (!m_ofWeight) {
        // In float, so that gradients of a bfloat16 step are not rounded before they are summed.
        ConvolutionAbout about = m_about;
        about.weight = {m_problem.weight, memory::data_type::f32, memory::format_tag::any};
        m_ofWeight.emplace(about.weightGradient(m_forward.about));
    }
    return *m_ofWeight;
}

at::Tensor DirectConvolution::packForward(const at::Tensor& weight) {
    return packed(dnnlMemory(m_plainWeight, weight), m_forward.about.weights_desc(), m_forward.ofWeight);
}

at::Tensor DirectConvolution::forward(const at::Tensor& x, const at::Tensor& packedWeight) {
    const auto& pass = m_forward;
    at::Tensor y = emptyChannelsLast(outputOf(m_problem), typeOf(m_problem));
    pass.execute({{DNNL_ARG_SRC, dnnlMemory(pass.about.src_desc(), x)},
                  {DNNL_ARG_WEIGHTS, dnnlMemory(pass.about.weights_desc(), packedWeight)},
                  {DNNL_ARG_DST, dnnlMemory(pass.about.dst_desc(), y)}});
    return y;
}

at::Tensor DirectConvolution::packInputGradient(const at::Tensor& weight) {
    return packed(dnnlMemory(m_plainWeight, weight), ofInput().about.weights_desc(), ofInput().ofWeight);
}

at::Tensor DirectConvolution::inputGradient(const at::Tensor& gy, const at::Tensor& packedWeight) {
    const auto& pass = ofInput();
    at::Tensor gx = emptyChannelsLast(m_problem.input, typeOf(m_problem));
    pass.execute({{DNNL_ARG_DIFF_DST, dnnlMemory(pass.about.diff_dst_desc(), gy)},
                  {DNNL_ARG_WEIGHTS, dnnlMemory(pass.about.weights_desc(), packedWeight)},
                  {DNNL_ARG_DIFF_SRC, dnnlMemory(pass.about.diff_src_desc(), gx)}});
    return gx;
}

at::Tensor DirectConvolution::weightGradient(const at::Tensor& x, const at::Tensor& gy) {
    auto& pass = ofWeight();
    const DnnlBuffer gradient = dnnlBuffer(pass.about.diff_weights_desc());
    pass.execute({{DNNL_ARG_SRC, dnnlMemory(pass.about.src_desc(), x)},
                  {DNNL_ARG_DIFF_DST, dnnlMemory(pass.about.diff_dst_desc(), gy)},
                  {DNNL_ARG_DIFF_WEIGHTS, gradient.memory}});
    at::Tensor plain = emptyFloats(m_problem.weight);
    reorder(gradient.memory, dnnlMemory(m_plainWeight, plain), pass.ofWeight);
    return plain;
}

}  // namespace denoscope::kernels
