// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions by oneDNN's primitives for the direct algorithm.
#pragma once

#include <optional>
#include <unordered_map>

#include "engine/kernels/ConvolutionAlgorithm.h"

namespace denoscope::kernels {

// A pass, made when it is first asked for, and the change of its weight's layout.
template <class Primitive>
struct ConvolutionPass {
    typename Primitive::primitive_desc about;
    Primitive primitive;
    dnnl::reorder ofWeight{};

    explicit ConvolutionPass(const typename Primitive::primitive_desc& that) : about(that), primitive(that) {}

    // Scratch memory is a tensor, which is counted and bounded as all tensors are.
    void execute(std::unordered_map<int, dnnl::memory> arguments) const {
        std::optional<DnnlBuffer> scratch;
        if (const dnnl::memory::desc desc = about.scratchpad_desc(); desc.get_size() > 0) {
            scratch = dnnlBuffer(desc);
            arguments.emplace(DNNL_ARG_SCRATCHPAD, scratch->memory);
        }
        primitive.execute(dnnlStream(), arguments);
    }
};

// Any: as oneDNN likes activations best, which a network cannot always have; each pass may then want another
// one. To be timed alone.
enum class ActivationLayout { ChannelsLast, Any };

class DirectConvolution : public ConvolutionAlgorithm {
public:
    explicit DirectConvolution(const ConvolutionProblem& problem,
                               ActivationLayout layout = ActivationLayout::ChannelsLast);

    at::Tensor packForward(const at::Tensor& weight) override;
    at::Tensor forward(const at::Tensor& x, const at::Tensor& packed) override;
    dnnl::memory::desc forwardWeight() const override { return m_forward.about.weights_desc(); }

    at::Tensor packInputGradient(const at::Tensor& weight) override;
    at::Tensor inputGradient(const at::Tensor& gy, const at::Tensor& packed) override;

    at::Tensor weightGradient(const at::Tensor& x, const at::Tensor& gy) override;

    // The passes themselves.
    ConvolutionPass<dnnl::convolution_forward>& ofForward() { return m_forward; }
    ConvolutionPass<dnnl::convolution_backward_data>& ofInput();
    ConvolutionPass<dnnl::convolution_backward_weights>& ofWeight();

protected:
    const ConvolutionProblem& problem() const { return m_problem; }

private:
    ConvolutionProblem m_problem;
    ConvolutionAbout m_about;
    dnnl::memory::desc m_plainWeight;
    ConvolutionPass<dnnl::convolution_forward> m_forward;
    std::optional<ConvolutionPass<dnnl::convolution_backward_data>> m_ofInput;
    std::optional<ConvolutionPass<dnnl::convolution_backward_weights>> m_ofWeight;
};

}  // namespace denoscope::kernels
