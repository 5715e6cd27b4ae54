// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/kernels/DirectConvolution.h"

namespace denoscope::kernels {

// Convolutions with kernels of one place, in float32: oneDNN's but for the gradient of the weight, which here
// reads both operands once and in order. On memory that no cache holds, as in a step, that takes half of
// oneDNN's time.
class PointConvolution : public DirectConvolution {
public:
    static bool serves(const ConvolutionProblem& problem);

    explicit PointConvolution(const ConvolutionProblem& problem) : DirectConvolution(problem) {}

    at::Tensor weightGradient(const at::Tensor& x, const at::Tensor& gy) override;
};

}  // namespace denoscope::kernels
