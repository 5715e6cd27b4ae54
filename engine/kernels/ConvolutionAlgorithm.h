// SPDX-License-Identifier: GPL-3.0-or-later
// What computes one problem of convolution: stride 1, padded by (k - 1) / 2. Belongs to the thread that asked
// for it.
#pragma once

#include <ATen/core/Tensor.h>

#include <compare>

#include "engine/api/Array.h"
#include "engine/kernels/OneDnn.h"

namespace denoscope::kernels {

struct ConvolutionProblem {
    Shape input, weight;  // (B, in, ...size) and (out, in, k...)
    bool bfloat16 = false;
    int threads = 1;  // LibTorch's, for which the work is divided

    auto operator<=>(const ConvolutionProblem&) const = default;
};

Shape outputOf(const ConvolutionProblem& problem);
at::ScalarType typeOf(const ConvolutionProblem& problem);  // of activations

// Activations and their gradients have their channels last (Layout.h), in the problem's type; weights and
// theirs are (out, in, k...) contiguous float32.
class ConvolutionAlgorithm {
public:
    ConvolutionAlgorithm() = default;
    virtual ~ConvolutionAlgorithm() = default;
    ConvolutionAlgorithm(const ConvolutionAlgorithm&) = delete;
    ConvolutionAlgorithm& operator=(const ConvolutionAlgorithm&) = delete;

    virtual at::Tensor packForward(const at::Tensor& weight) = 0;
    virtual at::Tensor forward(const at::Tensor& x, const at::Tensor& packed) = 0;
    // How forward() wants its packed weight, empty where that depends on the weight alone. Of two that are
    // equal either serves for the other.
    virtual dnnl::memory::desc forwardWeight() const = 0;

    virtual at::Tensor packInputGradient(const at::Tensor& weight) = 0;
    virtual at::Tensor inputGradient(const at::Tensor& gy, const at::Tensor& packed) = 0;

    virtual at::Tensor weightGradient(const at::Tensor& x, const at::Tensor& gy) = 0;
};

// The fastest for a problem: one of this thread's, which stay until many other problems have been asked for.
ConvolutionAlgorithm& algorithmFor(const ConvolutionProblem& problem);

}  // namespace denoscope::kernels
