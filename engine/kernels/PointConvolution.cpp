// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/PointConvolution.h"

#include "engine/kernels/PointLoops.h"
#include "engine/kernels/WeightSums.h"

namespace denoscope::kernels {

bool PointConvolution::serves(const ConvolutionProblem& problem) {
    const auto whole = [](std::int64_t channels) { return channels > 0 && channels % 16 == 0; };
    const Shape& weight = problem.weight;
    return !problem.bfloat16 && elementCount(weight) == weight[0] * weight[1] && whole(weight[0]) &&
           whole(weight[1]);
}

at::Tensor PointConvolution::weightGradient(const at::Tensor& x, const at::Tensor& gy) {
    constexpr std::int64_t placesOfBlock = 128;  // whose rows stay in a core's cache
    const Shape& weight = problem().weight;
    const PointShape shape{weight[1], weight[0]};
    const std::int64_t places = elementCount(problem().input) / shape.in;
    const WeightSumsShape ofSums{1, shape.out, shape.in};
    const WeightSumTasks tasks(ofSums, divideUp(places, placesOfBlock), problem().threads);
    const at::Tensor sums = sumInParts(
        ofSums, tasks, [&](std::int64_t first, std::int64_t last, ChannelRange outputs, float* own) {
            for (std::int64_t block = first; block < last; ++block) {
                const std::int64_t place = block * placesOfBlock;
                pointLoops().sumGradient(shape, valuesOf<float>(x) + place * shape.in,
                                         valuesOf<float>(gy) + place * shape.out,
                                         std::min(placesOfBlock, places - place), outputs, own);
            }
        });
    return sums.sum(0).view(weight);
}

}  // namespace denoscope::kernels
