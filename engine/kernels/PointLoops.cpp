// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/kernels/PointLoops.h"

#include "engine/kernels/TileProduct.h"

namespace denoscope::kernels::DENOSCOPE_ARCH {
namespace {

void sumGradient(const PointShape& shape, const float* x, const float* gy, Count places, ChannelRange outputs,
                 float* sums) {
    product<FloatLanes>(outputs.count, shape.in, places, {gy + outputs.first, 1, shape.out}, {x, shape.in},
                        {sums + outputs.first * shape.in, shape.in, true});
}

}  // namespace

extern const PointLoops points;
const PointLoops points{sumGradient};

}  // namespace denoscope::kernels::DENOSCOPE_ARCH
