// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/ConvolutionAlgorithm.h"
#include "engine/kernels/WinogradLoops.h"

namespace denoscope::kernels {

// Winograd's algorithm along the last axis (Lavin and Gray 2015, arXiv:1509.09308, F(4, 3)): four results of
// a filter of three taps from six inputs by six multiplications instead of twelve. The axes before it are
// summed over as always, so that signals, images and volumes are one case. Its error is 2e-6 to 5e-6 of the
// largest result, that of the direct algorithm 3e-7.
//
// An item's result does not depend on the other items of its batch, nor on threads. The order in which the
// gradient of a weight is summed does.
class WinogradConvolution : public ConvolutionAlgorithm {
public:
    // Whether it can be used and is faster than the direct one.
    static bool serves(const ConvolutionProblem& problem);

    explicit WinogradConvolution(const ConvolutionProblem& problem);

    at::Tensor packForward(const at::Tensor& weight) override;
    at::Tensor forward(const at::Tensor& x, const at::Tensor& packed) override;
    dnnl::memory::desc forwardWeight() const override { return {}; }

    at::Tensor packInputGradient(const at::Tensor& weight) override;
    at::Tensor inputGradient(const at::Tensor& gy, const at::Tensor& packed) override;

    at::Tensor weightGradient(const at::Tensor& x, const at::Tensor& gy) override;

private:
    ConvolutionProblem m_problem;
    WinogradShape m_forward, m_turned;  // the latter: for the gradient of the input
};

}  // namespace denoscope::kernels
