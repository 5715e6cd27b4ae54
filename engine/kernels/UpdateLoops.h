// SPDX-License-Identifier: GPL-3.0-or-later
// The inner loops of engine/train/Update.h over plain memory, on one thread.
#pragma once

#include <cstdint>

namespace denoscope::kernels {

// One step of Adam, its corrections for the first steps worked in.
struct AdamRule {
    float shrink = 1;  // AdamW: the weights are multiplied by this first
    float pull = 0;    // Adam: this share of the weights is added to the gradient
    float newFirst = 0.1F, keptSecond = 0.99F, newSecond = 0.01F;  // 1 - beta 1, beta 2, 1 - beta 2
    float rate = 0;         // learning rate / correction of the first moment
    float secondScale = 1;  // 1 / sqrt(correction of the second moment)
    float epsilon = 1e-8F;
};

struct UpdateLoops {
    using Count = std::int64_t;
    void (*adam)(float* weights, const float* gradient, float* first, float* second, Count n, AdamRule rule);
    // average moves towards the weights by `share` of the way; 1 = there, exactly.
    void (*average)(float* average, const float* weights, Count n, float share);
    double (*squares)(const float* x, Count n);  // their sum
};

// The best ones for this processor.
const UpdateLoops& updateLoops();

}  // namespace denoscope::kernels
