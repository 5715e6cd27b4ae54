// SPDX-License-Identifier: GPL-3.0-or-later
// How the gradient of a convolution's weight is summed up over blocks of places by several threads.
#pragma once

#include <ATen/ATen.h>
#include <ATen/Parallel.h>

#include <algorithm>

#include "engine/kernels/ChannelRange.h"
#include "engine/kernels/Layout.h"
#include "engine/kernels/Parallel.h"

namespace denoscope::kernels {

// (planes, out, in), of float.
struct WeightSumsShape {
    std::int64_t planes, out, in;

    std::int64_t count() const { return planes * out * in; }
};

// Each task sums up a part of the blocks for a group of the outputs. Few parts, for every one has sums of its
// own of the whole weight: 64 MB in all, but for weights that alone have more.
struct WeightSumTasks {
    std::int64_t blocks, parts, outputsOfGroup, groups;

    WeightSumTasks(const WeightSumsShape& shape, std::int64_t blocksOfAll, std::int64_t threads)
        : blocks(blocksOfAll),
          parts(std::max<std::int64_t>(1, std::min({threads, blocks, mostParts, mostSums / shape.count()}))),
          outputsOfGroup(roundUp(divideUp(shape.out, divideUp(threads, parts)), fewestOutputs)),
          groups(divideUp(shape.out, outputsOfGroup)) {}

private:
    static constexpr std::int64_t mostParts = 8, mostSums = std::int64_t{1} << 24, fewestOutputs = 16;
};

// Calls addBlocks(first block, behind the last, outputs, sums of the part) for each task on some thread; they
// begin with zeros. Returns (parts, planes, out, in).
template <class AddBlocks>
at::Tensor sumInParts(const WeightSumsShape& shape, const WeightSumTasks& tasks, const AddBlocks& addBlocks) {
    const at::Tensor sums = emptyFloats({tasks.parts, shape.planes, shape.out, shape.in});
    at::parallel_for(0, tasks.parts * tasks.groups, 1, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t task = begin; task < end; ++task) {
            const std::int64_t part = task / tasks.groups, first = task % tasks.groups * tasks.outputsOfGroup;
            const ChannelRange outputs{first, std::min(tasks.outputsOfGroup, shape.out - first)};
            float* const own = mutableValuesOf<float>(sums) + part * shape.count();
            for (std::int64_t plane = 0; plane < shape.planes; ++plane)
                std::fill_n(own + (plane * shape.out + outputs.first) * shape.in, outputs.count * shape.in,
                            0.0F);
            addBlocks(tasks.blocks * part / tasks.parts, tasks.blocks * (part + 1) / tasks.parts, outputs,
                      own);
        }
    });
    return sums;
}

}  // namespace denoscope::kernels
