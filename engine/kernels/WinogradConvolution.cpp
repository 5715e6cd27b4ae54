// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/WinogradConvolution.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <utility>

#include "engine/kernels/Layout.h"
#include "engine/kernels/Parallel.h"
#include "engine/kernels/WeightSums.h"

namespace denoscope::kernels {
namespace {

using Count = std::int64_t;

// 1 of an axis that there is not.
Count extentOf(const Shape& shape, std::size_t fromLast) {
    return shape.size() >= 2 + fromLast ? shape[shape.size() - fromLast] : 1;
}

WinogradShape shapeOf(const ConvolutionProblem& problem) {
    const Shape &input = problem.input, &weight = problem.weight;
    WinogradShape shape{};
    shape.items = input[0];
    shape.depth = extentOf(input, 3);
    shape.height = extentOf(input, 2);
    shape.width = extentOf(input, 1);
    shape.depthTaps = extentOf(weight, 3);
    shape.heightTaps = extentOf(weight, 2);
    shape.in = weight[1];
    shape.out = weight[0];
    shape.outerTaps = shape.depthTaps * shape.heightTaps;
    shape.tiles = divideUp(shape.width, winogradOutputs);
    shape.weights = winogradPoints * shape.outerTaps * shape.in * shape.out;
    return shape;
}

// Of the convolution that makes the gradient of the input.
WinogradShape turnedShape(WinogradShape shape) {
    std::swap(shape.in, shape.out);
    shape.turned = true;
    return shape;
}

// How a convolution parts into blocks.
struct Blocks {
    Count tilesOver, tiles, linesOver, lines, count;

    // rows: tiles of a block at most, where a line has no more.
    Blocks(const WinogradShape& shape, Count rows)
        : tilesOver(divideUp(shape.tiles, rows)),
          tiles(divideUp(shape.tiles, tilesOver)),
          linesOver(divideUp(shape.height, std::max<Count>(1, rows / tiles))),
          lines(divideUp(shape.height, linesOver)),
          count(shape.items * shape.depth * linesOver * tilesOver) {}

    WinogradBlock operator()(const WinogradShape& shape, Count number) const {
        const Count firstTile = number % tilesOver * tiles, inSlice = number / tilesOver;
        const Count firstLine = inSlice % linesOver * lines, slice = inSlice / linesOver;
        return {slice / shape.depth, slice % shape.depth,
                firstLine,           std::min(lines, shape.height - firstLine),
                firstTile,           std::min(tiles, shape.tiles - firstTile)};
    }
};

Count scratchOf(const WinogradShape& shape, const Blocks& blocks) {
    return winogradScratch(shape, blocks.lines, blocks.tiles);
}

// Products take six rows at a time. Each weight is used as often as what is made of a block lets it fit into
// a core's cache.
Count rowsOfBlock(const WinogradShape& shape) {
    constexpr Count most = 36, least = 12, cached = Count{1} << 18;  // the latter in floats
    Count rows = most;
    while (rows > least && scratchOf(shape, Blocks(shape, rows)) > cached)
        rows -= 6;
    return rows;
}

// For results, which do not depend on how they part into blocks: no core shall be idle.
Blocks blocksOfResults(const WinogradShape& shape, int threads) {
    Count rows = rowsOfBlock(shape);
    while (rows > 6 && Blocks(shape, rows).count < 2 * threads)
        rows -= 6;
    return {shape, rows};
}

at::Tensor scratchFor(const WinogradShape& shape, const Blocks& blocks) {
    return emptyFloats({scratchOf(shape, blocks)});
}

at::Tensor packedFor(const WinogradShape& shape, const at::Tensor& weight) {
    const at::Tensor packed = emptyFloats({shape.weights});
    forRows(shape.in, shape.weights / shape.in, [&](Count first, Count inputs) {
        winogradLoops().pack(shape, valuesOf<float>(weight), first, inputs, mutableValuesOf<float>(packed));
    });
    return packed;
}

void convolve(const WinogradShape& shape, int threads, const at::Tensor& x, const at::Tensor& packed,
              const at::Tensor& y) {
    const Blocks blocks = blocksOfResults(shape, threads);
    at::parallel_for(0, blocks.count, 1, [&](Count begin, Count end) {
        const at::Tensor scratch = scratchFor(shape, blocks);
        for (Count number = begin; number < end; ++number)
            winogradLoops().outputs(shape, valuesOf<float>(x), valuesOf<float>(packed), blocks(shape, number),
                                    mutableValuesOf<float>(scratch), mutableValuesOf<float>(y));
    });
}

}  // namespace

bool WinogradConvolution::serves(const ConvolutionProblem& problem) {
    if (problem.bfloat16 || problem.weight.back() != winogradTaps)
        return false;
    const WinogradShape shape = shapeOf(problem);
    const auto enough = [](Count channels) { return channels >= 32 && channels % 16 == 0; };
    // What the last tiles of lines compute beyond these must not cost what the others save.
    const bool wide = 4 * winogradOutputs * shape.tiles <= 5 * shape.width;
    const bool any = shape.depth * shape.height * shape.width > 0, centred = shape.outerTaps % 2 == 1;
    return any && wide && centred && enough(shape.in) && enough(shape.out);
}

WinogradConvolution::WinogradConvolution(const ConvolutionProblem& problem)
    : m_problem(problem), m_forward(shapeOf(problem)), m_turned(turnedShape(m_forward)) {}

at::Tensor WinogradConvolution::packForward(const at::Tensor& weight) {
    return packedFor(m_forward, weight);
}

at::Tensor WinogradConvolution::forward(const at::Tensor& x, const at::Tensor& packed) {
    at::Tensor y = emptyChannelsLast(outputOf(m_problem), at::kFloat);
    convolve(m_forward, m_problem.threads, x, packed, y);
    return y;
}

at::Tensor WinogradConvolution::packInputGradient(const at::Tensor& weight) {
    return packedFor(m_turned, weight);
}

at::Tensor WinogradConvolution::inputGradient(const at::Tensor& gy, const at::Tensor& packed) {
    at::Tensor gx = emptyChannelsLast(m_problem.input, at::kFloat);
    convolve(m_turned, m_problem.threads, gy, packed, gx);
    return gx;
}

at::Tensor WinogradConvolution::weightGradient(const at::Tensor& x, const at::Tensor& gy) {
    const WinogradShape& shape = m_forward;
    const Blocks blocks(shape, rowsOfBlock(shape));
    const WeightSumsShape ofSums{winogradPoints * shape.outerTaps, shape.out, shape.in};
    const WeightSumTasks tasks(ofSums, blocks.count, m_problem.threads);
    const at::Tensor sums =
        sumInParts(ofSums, tasks, [&](Count first, Count last, ChannelRange outputs, float* own) {
            const at::Tensor scratch = scratchFor(shape, blocks);
            for (Count number = first; number < last; ++number)
                winogradLoops().sumGradient(shape, valuesOf<float>(x), valuesOf<float>(gy),
                                            blocks(shape, number), outputs, mutableValuesOf<float>(scratch),
                                            own);
        });
    at::Tensor gradient = emptyFloats(m_problem.weight);
    forRows(shape.out, shape.weights / shape.out * tasks.parts, [&](Count first, Count outputs) {
        winogradLoops().weightGradient(shape, valuesOf<float>(sums), tasks.parts, first, outputs,
                                       mutableValuesOf<float>(gradient));
    });
    return gradient;
}

}  // namespace denoscope::kernels
