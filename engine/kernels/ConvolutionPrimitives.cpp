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

ConvolutionAbout aboutOf(const ConvolutionProblem& problem) {
    Shape output = problem.input;
    output[1] = problem.weight[0];
    const auto type = problem.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
    const auto layout =
        problem.anyLayout ? memory::format_tag::any : channelsLastTag(problem.input.size() - 2);
    return {{problem.input, type, layout},
            {problem.weight, type, memory::format_tag::any},
            {output, type, layout}};
}

void reorder(memory& from, memory& to, dnnl::reorder& primitive) {
    if (!primitive)
        primitive = dnnl::reorder(from, to);
    primitive.execute(dnnlStream(), from, to);
}

}  // namespace

ConvolutionPrimitives::ConvolutionPrimitives(const ConvolutionProblem& problem)
    : m_weightShape(problem.weight),
      m_about(aboutOf(problem)),
      m_plainWeight(problem.weight, memory::data_type::f32, plainWeightTag(problem.input.size() - 2)),
      m_forward(m_about.forward()) {}

ConvolutionPass<dnnl::convolution_backward_data>& ConvolutionPrimitives::ofInput() {
    if (!m_ofInput)
        m_ofInput.emplace(m_about.inputGradient(m_forward.about));
    return *m_ofInput;
}

ConvolutionPass<dnnl::convolution_backward_weights>& ConvolutionPrimitives::ofWeight() {
    if (!m_ofWeight) {
        // In float, so that gradients of a bfloat16 step are not rounded before they are summed.
        ConvolutionAbout about = m_about;
        about.weight = {m_weightShape, memory::data_type::f32, memory::format_tag::any};
        m_ofWeight.emplace(about.weightGradient(m_forward.about));
    }
    return *m_ofWeight;
}

void ConvolutionPrimitives::forward(const memory& x, const memory& weight, const memory& y) {
    m_forward.primitive.execute(dnnlStream(),
                                {{DNNL_ARG_SRC, x}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DST, y}});
}

void ConvolutionPrimitives::inputGradient(const memory& gy, const memory& weight, const memory& gx) {
    ofInput().primitive.execute(
        dnnlStream(), {{DNNL_ARG_DIFF_DST, gy}, {DNNL_ARG_WEIGHTS, weight}, {DNNL_ARG_DIFF_SRC, gx}});
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

at::Tensor ConvolutionPrimitives::packForward(const at::Tensor& weight) {
    return packed(weight, m_forward.about.weights_desc(), m_forward.reorder);
}

at::Tensor ConvolutionPrimitives::packBackward(const at::Tensor& weight) {
    return packed(weight, ofInput().about.weights_desc(), ofInput().reorder);
}

at::Tensor ConvolutionPrimitives::unpackGradient(memory packedGradient) {
    at::Tensor plain = at::empty(m_weightShape, at::TensorOptions().dtype(at::kFloat));
    memory to = dnnlMemory(m_plainWeight, plain);
    reorder(packedGradient, to, ofWeight().reorder);
    return plain;
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
