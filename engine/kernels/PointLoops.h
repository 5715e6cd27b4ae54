// SPDX-License-Identifier: GPL-3.0-or-later
// The loop of PointConvolution.h over plain memory, on one thread.
#pragma once

#include "engine/kernels/ChannelRange.h"

namespace denoscope::kernels {

struct PointShape {
    std::int64_t in, out;  // channels, multiples of 16
};

struct PointLoops {
    // Adds to sums (out, in) the products of gy (places, out) and x (places, in) over all places, for some of
    // the outputs.
    void (*sumGradient)(const PointShape&, const float* x, const float* gy, std::int64_t places,
                        ChannelRange outputs, float* sums);
};

// The best one for this processor.
const PointLoops& pointLoops();

}  // namespace denoscope::kernels
