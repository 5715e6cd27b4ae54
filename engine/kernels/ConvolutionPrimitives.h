// SPDX-License-Identifier: GPL-3.0-or-later
// oneDNN's primitives for one problem of convolution: stride 1, padded by (k - 1) / 2. On the calling thread.
#pragma once

#include <compare>
#include <optional>
#include <unordered_map>

#include "engine/api/Array.h"
#include "engine/kernels/OneDnn.h"

namespace denoscope::kernels {

// Where Winograd's algorithm (Lavin and Gray 2015, arXiv:1509.09308; tiles of 4 x 4) may serve: it takes 3x3
// convolutions of images with half the time and an error of 1e-6 instead of 2e-7. Small images are faster
// without, one by one even middling ones.
enum class Winograd { Never, Sampling, Training };

struct ConvolutionProblem {
    Shape input, weight;
    bool bfloat16 = false;
    int threads = 1;  // which a primitive shares its work among
    Winograd winograd = Winograd::Never;
    // As oneDNN likes it best, which a network cannot always have; each pass may then want another one.
    // Otherwise channels last (Layout.h).
    bool anyLayout = false;

    auto operator<=>(const ConvolutionProblem&) const = default;
};

// A pass, made when it is first asked for, and the changes between our layouts and its own.
template <class Primitive>
struct ConvolutionPass {
    typename Primitive::primitive_desc about;
    Primitive primitive;
    dnnl::reorder ofInput{}, ofWeight{}, ofOutput{};

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

// An argument with its channels last, of which primitives that want it otherwise have a copy made, once for
// those that want the same.
class Operand {
public:
    explicit Operand(at::Tensor channelsLast) : m_tensor(std::move(channelsLast)) {}

private:
    friend class ConvolutionPrimitives;
    at::Tensor m_tensor;
    mutable std::optional<DnnlBuffer> m_copy;
};

class ConvolutionPrimitives {
public:
    explicit ConvolutionPrimitives(const ConvolutionProblem& problem);

    // The result has its channels last.
    at::Tensor forward(const Operand& x, const at::Tensor& packedWeight);
    at::Tensor inputGradient(const Operand& gy, const at::Tensor& packedWeight);
    at::Tensor weightGradient(const Operand& x, const Operand& gy);  // as the weight below

    // weight: (out, in, k...) contiguous float32.
    at::Tensor packForward(const at::Tensor& weight);
    at::Tensor packInputGradient(const at::Tensor& weight);
    dnnl::memory::desc forwardWeight() const { return m_forward.about.weights_desc(); }

    // The passes themselves.
    ConvolutionPass<dnnl::convolution_forward>& ofForward() { return m_forward; }
    ConvolutionPass<dnnl::convolution_backward_data>& ofInput();
    ConvolutionPass<dnnl::convolution_backward_weights>& ofWeight();

private:
    struct Side {
        Shape shape;
        dnnl::memory::desc channelsLast;
    };

    at::Tensor packed(const at::Tensor& weight, const dnnl::memory::desc& layout, dnnl::reorder& pack) const;
    static dnnl::memory laid(const Operand& operand, const Side& side, const dnnl::memory::desc& wanted,
                             dnnl::reorder& away);
    // Calls write(memory as `given`) for a new tensor.
    template <class Write>
    at::Tensor written(const Side& side, const dnnl::memory::desc& given, dnnl::reorder& back,
                       const Write& write) const;

    ConvolutionProblem m_problem;
    dnnl::memory::desc m_plainWeight;
    Side m_input, m_output;
    ConvolutionPass<dnnl::convolution_forward> m_forward;
    std::optional<ConvolutionPass<dnnl::convolution_backward_data>> m_ofInput;
    std::optional<ConvolutionPass<dnnl::convolution_backward_weights>> m_ofWeight;
};

// Those of this thread, which stay until many other problems have been asked for.
ConvolutionPrimitives& primitivesFor(const ConvolutionProblem& problem);

}  // namespace denoscope::kernels
