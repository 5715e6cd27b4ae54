// SPDX-License-Identifier: GPL-3.0-or-later
// oneDNN's primitives for one problem of convolution: stride 1, padded by (k - 1) / 2. On the calling thread.
#pragma once

#include <compare>
#include <optional>

#include "engine/api/Array.h"
#include "engine/kernels/OneDnn.h"

namespace denoscope::kernels {

struct ConvolutionProblem {
    Shape input, weight;
    bool bfloat16 = false;
    int threads = 1;  // which a primitive shares its work among
    // As oneDNN likes it best, which a network cannot always have; each pass may then want another one.
    // Otherwise channels last (Layout.h).
    bool anyLayout = false;

    auto operator<=>(const ConvolutionProblem&) const = default;
};

// A pass, made when it is first asked for, and the change of its weight's layout.
template <class Primitive>
struct ConvolutionPass {
    typename Primitive::primitive_desc about;
    Primitive primitive;
    dnnl::reorder reorder{};

    explicit ConvolutionPass(const typename Primitive::primitive_desc& that) : about(that), primitive(that) {}
};

class ConvolutionPrimitives {
public:
    explicit ConvolutionPrimitives(const ConvolutionProblem& problem);

    // What the arguments below must lie like.
    const dnnl::convolution_forward::primitive_desc& forwardAbout() const { return m_forward.about; }
    const dnnl::convolution_backward_data::primitive_desc& inputGradientAbout() { return ofInput().about; }
    const dnnl::convolution_backward_weights::primitive_desc& weightGradientAbout() {
        return ofWeight().about;
    }

    void forward(const dnnl::memory& x, const dnnl::memory& weight, const dnnl::memory& y);
    void inputGradient(const dnnl::memory& gy, const dnnl::memory& weight, const dnnl::memory& gx);
    void weightGradient(const dnnl::memory& x, const dnnl::memory& gy, const dnnl::memory& gWeight);

    // weight: (out, in, k...) contiguous float32, as is the result of unpackGradient().
    at::Tensor packForward(const at::Tensor& weight);
    at::Tensor packBackward(const at::Tensor& weight);
    at::Tensor unpackGradient(dnnl::memory packedGradient);

private:
    at::Tensor packed(const at::Tensor& weight, const dnnl::memory::desc& layout, dnnl::reorder& pack) const;
    ConvolutionPass<dnnl::convolution_backward_data>& ofInput();
    ConvolutionPass<dnnl::convolution_backward_weights>& ofWeight();

    Shape m_weightShape;
    ConvolutionAbout m_about;
    dnnl::memory::desc m_plainWeight;
    ConvolutionPass<dnnl::convolution_forward> m_forward;
    std::optional<ConvolutionPass<dnnl::convolution_backward_data>> m_ofInput;
    std::optional<ConvolutionPass<dnnl::convolution_backward_weights>> m_ofWeight;
};

// Those of this thread, which stay until many other problems have been asked for.
ConvolutionPrimitives& primitivesFor(const ConvolutionProblem& problem);

}  // namespace denoscope::kernels
