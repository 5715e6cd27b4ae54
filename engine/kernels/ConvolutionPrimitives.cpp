// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/ConvolutionPrimitives.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <map>

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

memory::data_type typeOf(const ConvolutionProblem& problem) {
    return problem.bfloat16 ? memory::data_type::bf16 : memory::data_type::f32;
}
Shape outputOf(const ConvolutionProblem& problem) {
    Shape output = problem.input;
    output[1] = problem.weight[0];
    return output;
}
memory::desc channelsLastDesc(const ConvolutionProblem& problem, const Shape& shape) {
    return {shape, typeOf(problem), channelsLastTag(shape.size() - 2)};
}

enum class Pass { Forward, InputGradient, WeightGradient };

// By the extents of an item, not by how many there are: an item's result depends on its batch by rounding
// alone (oneDNN adds channels up in blocks that it chooses by the batch).
std::int64_t smallestWinogradExtent(Winograd winograd) {
    return winograd == Winograd::Sampling ? 32 : 16;
}

bool winogradServes(const ConvolutionProblem& problem) {
    if (problem.winograd == Winograd::Never || problem.bfloat16 || problem.input.size() != 4)
        return false;
    // oneDNN takes 16 channels at a time. With few there is not enough arithmetic to save.
    const auto enough = [](std::int64_t channels) { return channels >= 48 && channels % 16 == 0; };
    const Shape &input = problem.input, &weight = problem.weight;
    return weight[2] == 3 && weight[3] == 3 && enough(weight[0]) && enough(weight[1]) && input[0] > 0 &&
           std::min(input[2], input[3]) >= smallestWinogradExtent(problem.winograd);
}

ConvolutionAbout aboutOf(const ConvolutionProblem& problem, Pass pass, bool winograd) {
    const auto type = typeOf(problem);
    const auto layout =
        problem.anyLayout || winograd ? memory::format_tag::any : channelsLastTag(problem.input.size() - 2);
    // Gradients of weights in float, so that those of a bfloat16 step are not rounded before they are summed.
    const auto weightType = pass == Pass::WeightGradient ? memory::data_type::f32 : type;
    return {{problem.input, type, layout},
            {problem.weight, weightType, memory::format_tag::any},
            {outputOf(problem), type, layout},
            winograd ? dnnl::algorithm::convolution_winograd : dnnl::algorithm::convolution_direct};
}

// make(what to ask oneDNN for). Which versions and processors have Winograd's algorithm is known to it alone.
template <class Make>
auto withAlgorithm(const ConvolutionProblem& problem, Pass pass, const Make& make) {
    if (winogradServes(problem))
        try {
            return make(aboutOf(problem, pass, true));
        } catch (const dnnl::error& error) {
            if (error.status != dnnl_unimplemented && error.status != dnnl_invalid_arguments)
                throw;
        }
    return make(aboutOf(problem, pass, false));
}

// Gradients are described after a forward pass in the same layout.
dnnl::convolution_forward::primitive_desc hintFor(const ConvolutionProblem& problem,
                                                  const ConvolutionAbout& about) {
    const bool winograd = about.algorithm == dnnl::algorithm::convolution_winograd;
    return aboutOf(problem, Pass::Forward, winograd).forward();
}

void reorder(memory from, memory to, dnnl::reorder& primitive) {
    if (!primitive)
        primitive = dnnl::reorder(from, to);
    primitive.execute(dnnlStream(), from, to);
}

}  // namespace

ConvolutionPrimitives::ConvolutionPrimitives(const ConvolutionProblem& problem)
    : m_problem(problem),
      m_plainWeight(problem.weight, memory::data_type::f32, plainWeightTag(problem.input.size() - 2)),
      m_input{problem.input, channelsLastDesc(problem, problem.input)},
      m_output{outputOf(problem), channelsLastDesc(problem, outputOf(problem))},
      m_forward(withAlgorithm(problem, Pass::Forward,
                              [](const ConvolutionAbout& about) { return about.forward(); })) {}

ConvolutionPass<dnnl::convolution_backward_data>& ConvolutionPrimitives::ofInput() {
    if (!m_ofInput)
        m_ofInput.emplace(withAlgorithm(m_problem, Pass::InputGradient, [&](const ConvolutionAbout& about) {
            return about.inputGradient(hintFor(m_problem, about));
        }));
    return *m_ofInput;
}

ConvolutionPass<dnnl::convolution_backward_weights>& ConvolutionPrimitives::ofWeight() {
    if (!m_ofWeight)
        m_ofWeight.emplace(withAlgorithm(m_problem, Pass::WeightGradient, [&](const ConvolutionAbout& about) {
            return about.weightGradient(hintFor(m_problem, about));
        }));
    return *m_ofWeight;
}

memory ConvolutionPrimitives::laid(const Operand& operand, const Side& side, const memory::desc& wanted,
                                   dnnl::reorder& away) {
    memory plain = dnnlMemory(side.channelsLast, operand.m_tensor);
    if (wanted == side.channelsLast)
        return plain;
    if (!operand.m_copy || operand.m_copy->memory.get_desc() != wanted) {
        operand.m_copy = dnnlBuffer(wanted);
        reorder(plain, operand.m_copy->memory, away);
    }
    return operand.m_copy->memory;
}

template <class Write>
at::Tensor ConvolutionPrimitives::written(const Side& side, const memory::desc& given, dnnl::reorder& back,
                                          const Write& write) const {
    at::Tensor result = emptyChannelsLast(side.shape, m_problem.bfloat16 ? at::kBFloat16 : at::kFloat);
    const memory plain = dnnlMemory(side.channelsLast, result);
    if (given == side.channelsLast) {
        write(plain);
    } else {
        const DnnlBuffer buffer = dnnlBuffer(given);
        write(buffer.memory);
        reorder(buffer.memory, plain, back);
    }
    return result;
}

at::Tensor ConvolutionPrimitives::forward(const Operand& x, const at::Tensor& packedWeight) {
    auto& pass = m_forward;
    return written(m_output, pass.about.dst_desc(), pass.ofOutput, [&](const memory& y) {
        pass.execute({{DNNL_ARG_SRC, laid(x, m_input, pass.about.src_desc(), pass.ofInput)},
                      {DNNL_ARG_WEIGHTS, dnnlMemory(pass.about.weights_desc(), packedWeight)},
                      {DNNL_ARG_DST, y}});
    });
}

at::Tensor ConvolutionPrimitives::inputGradient(const Operand& gy, const at::Tensor& packedWeight) {
    auto& pass = ofInput();
    return written(m_input, pass.about.diff_src_desc(), pass.ofInput, [&](const memory& gx) {
        pass.execute({{DNNL_ARG_DIFF_DST, laid(gy, m_output, pass.about.diff_dst_desc(), pass.ofOutput)},
                      {DNNL_ARG_WEIGHTS, dnnlMemory(pass.about.weights_desc(), packedWeight)},
                      {DNNL_ARG_DIFF_SRC, gx}});
    });
}

at::Tensor ConvolutionPrimitives::weightGradient(const Operand& x, const Operand& gy) {
    auto& pass = ofWeight();
    const DnnlBuffer packed = dnnlBuffer(pass.about.diff_weights_desc());
    pass.execute({{DNNL_ARG_SRC, laid(x, m_input, pass.about.src_desc(), pass.ofInput)},
                  {DNNL_ARG_DIFF_DST, laid(gy, m_output, pass.about.diff_dst_desc(), pass.ofOutput)},
                  {DNNL_ARG_DIFF_WEIGHTS, packed.memory}});
    at::Tensor plain = at::empty(m_problem.weight, at::TensorOptions().dtype(at::kFloat));
    reorder(packed.memory, dnnlMemory(m_plainWeight, plain), pass.ofWeight);
    return plain;
}

at::Tensor ConvolutionPrimitives::packed(const at::Tensor& weight, const memory::desc& layout,
                                         dnnl::reorder& pack) const {
    const DnnlBuffer to = dnnlBuffer(layout);
    reorder(dnnlMemory(m_plainWeight, weight), to.memory, pack);
    return to.owner;
}

at::Tensor ConvolutionPrimitives::packForward(const at::Tensor& weight) {
    return packed(weight, m_forward.about.weights_desc(), m_forward.ofWeight);
}

at::Tensor ConvolutionPrimitives::packInputGradient(const at::Tensor& weight) {
    return packed(weight, ofInput().about.weights_desc(), ofInput().ofWeight);
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
