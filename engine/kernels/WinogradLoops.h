// SPDX-License-Identifier: GPL-3.0-or-later
// The loops of WinogradConvolution.h over plain memory, each on one thread. Values are floats with their
// channels last; channels come in multiples of 16.
#pragma once

#include "engine/kernels/ChannelRange.h"

namespace denoscope::kernels {

// Of a tile: places of the result, taps of the filter, and places of the input, which are also its
// multiplications.
constexpr std::int64_t winogradOutputs = 4, winogradTaps = 3, winogradPoints = 6;

// A convolution with stride 1 that keeps extents, with 3 taps along the width. An axis that the data has not
// is 1 long and has one tap.
struct WinogradShape {
    std::int64_t items, depth, height, width;
    std::int64_t depthTaps, heightTaps;  // odd
    std::int64_t in, out;                // channels
    std::int64_t outerTaps;              // depthTaps heightTaps
    std::int64_t tiles;                  // of a line, which is `width` places; the last may end beyond it
    std::int64_t weights;                // as packed: 6 outerTaps in out
    // For the gradient of the input, which is a convolution of the output's with the taps in reverse and the
    // channels exchanged: those above are its own.
    bool turned;
};

// Tiles [firstTile, firstTile + tiles) of the lines [firstLine, firstLine + lines) of a slice.
struct WinogradBlock {
    std::int64_t item, slice, firstLine, lines, firstTile, tiles;
};

// Floats of scratch memory for a block: a place of zeros; six points of its tiles with the lines and slices
// around; six of its outputs.
constexpr std::int64_t winogradScratch(const WinogradShape& shape, std::int64_t lines, std::int64_t tiles) {
    return shape.in + shape.out +
           winogradPoints * tiles *
               (shape.depthTaps * (lines + shape.heightTaps - 1) * shape.in + lines * shape.out);
}

struct WinogradLoops {
    using Count = std::int64_t;
    using Problem = const WinogradShape&;

    // Weights (out, in, taps, 3), or (in, out, taps, 3) of a turned problem, as outputs() wants them:
    // `inputs` of those that it sums over, from `first`.
    void (*pack)(Problem, const float* weight, Count first, Count inputs, float* packed);
    void (*outputs)(Problem, const float* x, const float* packed, const WinogradBlock&, float* scratch,
                    float* y);

    // Adds what this block gives to the gradient of the packed weights of some outputs, in sums (6, taps,
    // out, in).
    void (*sumGradient)(Problem, const float* x, const float* gy, const WinogradBlock&, ChannelRange outputs,
                        float* scratch, float* sums);
    // The gradient (out, in, taps, 3) of `outputs` of them from `first`, of `parts` such sums one after
    // another.
    void (*weightGradient)(Problem, const float* sums, Count parts, Count first, Count outputs,
                           float* gradient);
};

// The best ones for this processor.
const WinogradLoops& winogradLoops();

}  // namespace denoscope::kernels
