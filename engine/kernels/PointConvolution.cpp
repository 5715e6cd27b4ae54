// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/PointConvolution.h"

#include "engine/kernels/WeightSums.h"

namespace denoscope::kernels {

bool PointConvolution::serves(const ConvolutionProblem& problem) {
    const auto whole = [](std::int64_t channels) { return channels > 0 && channels % 16 == 0; };
    const Shape& weight = problem.weight;
    return !problem.bfloat16 && elementCount(weight) == weight[0] * weight[1] && whole(weight[0]) &&
           whole(weight[1]);
}

PointConvolution::PointConvolution(const ConvolutionProblem& problem)
    : DirectConvolution(problem),
      m_weight(problem.weight),
      m_shape{problem.weight[1], problem.weight[0]},
      m_places(elementCount(problem.input) / m_shape.in),
      m_threads(problem.threads) {}

at::Tensor PointConvolution::weightGradient(const at::Tensor& x, const at::Tensor& gy) {
    constexpr std::int64_t placesOfBlock = 128;  // whose rows stay in a core's cache
    const WeightSumsShape shape{1, m_shape.out, m_shape.in};
    const WeightSumTasks tasks(shape, divideUp(m_places, placesOfBlock), m_threads);
    const at::Tensor sums = sumInParts(
        shape, tasks, [&](std::int64_t first, std::int64_t last, ChannelRange outputs, float* own) {
            for (std::int64_t block = first; block < last; ++block) {
                const std::int64_t place = block * placesOfBlock;
                pointLoops().sumGradient(m_shape, valuesOf<float>(x) + place * m_shape.in,
                                         valuesOf<float>(gy) + place * m_shape.out,
                                         std::min(placesOfBlock, m_places - place), outputs, own);
            }
        });
    return sums.sum(0).view(m_weight);
}

}  // namespace denoscope::kernels
