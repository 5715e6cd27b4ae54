// SPDX-License-Identifier: GPL-3.0-or-later
// oneDNN's primitives for one problem of convolution. Tensors are channels last (Layout.h), stride is 1,
// padding (k - 1) / 2. On the calling thread.
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

    auto operator<=>(const ConvolutionProblem&) const = default;
};

// Those of the gradients are made when they are first asked for.
class ConvolutionPrimitives {
public:
    explicit ConvolutionPrimitives(const ConvolutionProblem& problem);

    const dnnl::memory::desc& input() const { return m_input; }
    const dnnl::memory::desc& output() const { return m_output; }

    dnnl::memory::desc forwardWeight() const { return m_forwardAbout.weights_desc(); }
    // weight: (out, in, k...) contiguous float32.
    at::Tensor packForward(const at::Tensor& weight);
    void forward(const dnnl::memory& x, const dnnl::memory& weight, const dnnl::memory& y);

    dnnl::memory::desc backwardWeight();
    at::Tensor packBackward(const at::Tensor& weight);
    void inputGradient(const dnnl::memory& gy, const dnnl::memory& weight, const dnnl::memory& gx);

    dnnl::memory::desc gradientWeight();
    at::Tensor unpackGradient(dnnl::memory packedGradient);
    void weightGradient(const dnnl::memory& x, const dnnl::memory& gy, const dnnl::memory& gWeight);

private:
    struct OfInput {
        dnnl::convolution_backward_data::primitive_desc about;
        dnnl::convolution_backward_data primitive;
        dnnl::reorder pack{};
    };
    struct OfWeight {
        dnnl::convolution_backward_weights::primitive_desc about;
        dnnl::convolution_backward_weights primitive;
        dnnl::reorder unpack{};
    };

    at::Tensor packed(const at::Tensor& weight, const dnnl::memory::desc& layout, dnnl::reorder& pack) const;
    OfInput& ofInput();
    OfWeight& ofWeight();

    Shape m_padding, m_strides;
    dnnl::memory::desc m_input, m_output, m_weight, m_plainWeight;
    dnnl::convolution_forward::primitive_desc m_forwardAbout;
    dnnl::convolution_forward m_forward;
    dnnl::reorder m_packForward;
    std::optional<OfInput> m_ofInput;
    std::optional<OfWeight> m_ofWeight;
};

// Those of this thread, which stay until many other problems have been asked for.
ConvolutionPrimitives& primitivesFor(const ConvolutionProblem& problem);

}  // namespace denoscope::kernels
