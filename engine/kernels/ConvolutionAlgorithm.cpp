// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/ConvolutionAlgorithm.h"

#include <map>
#include <memory>

#include "engine/kernels/DirectConvolution.h"
#include "engine/kernels/PointConvolution.h"
#include "engine/kernels/WinogradConvolution.h"

namespace denoscope::kernels {
namespace {

std::unique_ptr<ConvolutionAlgorithm> makeAlgorithm(const ConvolutionProblem& problem) {
    if (WinogradConvolution::serves(problem))
        return std::make_unique<WinogradConvolution>(problem);
    if (PointConvolution::serves(problem))
        return std::make_unique<PointConvolution>(problem);
    return std::make_unique<DirectConvolution>(problem);
}

}  // namespace

Shape outputOf(const ConvolutionProblem& problem) {
    Shape output = problem.input;
    output[1] = problem.weight[0];
    return output;
}

at::ScalarType typeOf(const ConvolutionProblem& problem) {
    return problem.bfloat16 ? at::kBFloat16 : at::kFloat;
}

// Making oneDNN's primitives takes longer than a small convolution. Bounded, for sizes may change for ever.
ConvolutionAlgorithm& algorithmFor(const ConvolutionProblem& problem) {
    constexpr std::size_t most = 512;
    thread_local std::map<ConvolutionProblem, std::unique_ptr<ConvolutionAlgorithm>> known;
    const auto found = known.find(problem);
    if (found != known.end())
        return *found->second;
    if (known.size() >= most)
        known.clear();
    return *known.emplace(problem, makeAlgorithm(problem)).first->second;
}

}  // namespace denoscope::kernels
