// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic that the kernels cannot do without: what was computed, and how long it takes by itself.
#pragma once

#include <functional>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope::kernels {

// What the convolutions and attentions of this thread have computed.
struct ArithmeticLog {
    struct Convolution {
        Shape input, weight;
        bool bfloat16 = false, inputGradient = true;
    };
    struct Attention {
        std::int64_t groups = 0, queries = 0, keys = 0, headSize = 0;
        bool bfloat16 = false;
    };
    std::vector<Convolution> convolutions;
    std::vector<Attention> attentions;
};
// Null when nobody asks.
ArithmeticLog*& arithmeticLog();

// Does what it is given, as often as it likes, and says how many seconds that takes.
using Stopwatch = std::function<double(const std::function<void()>&)>;

// Of one convolution by the direct algorithm, in the better of two layouts: that of the networks, and what
// suits it best. Those of gradients are 0 where they are not asked for, that of the input's also where the
// work has none.
struct ConvolutionTimes {
    double forward = 0, inputGradient = 0, weightGradient = 0;  // seconds
};
ConvolutionTimes timeConvolution(const ArithmeticLog::Convolution& work, bool gradients,
                                 const Stopwatch& secondsOf);

// (count, rows, inner) times (count, inner, columns).
struct Product {
    std::int64_t count = 0, rows = 0, inner = 0, columns = 0;
    bool bfloat16 = false;
};
double timeProduct(const Product& product, const Stopwatch& secondsOf);

}  // namespace denoscope::kernels
