// SPDX-License-Identifier: GPL-3.0-or-later
// Convolutions whose operands all lie as oneDNN likes them best, which a network cannot always have.
#pragma once

#include <algorithm>
#include <chrono>
#include <vector>

#include "engine/bench/Bench.h"
#include "engine/kernels/Convolution.h"

namespace denoscope {

kernels::ConvolutionTimes timeFreely(const kernels::ArithmeticLog::Convolution& work, int repeats);

// Of f(), after one call that is not timed.
template <class F>
double medianSeconds(int repeats, const F& f) {
    using Clock = std::chrono::steady_clock;
    std::vector<double> seconds;
    f();
    for (int i = 0; i < repeats; ++i) {
        const auto start = Clock::now();
        f();
        seconds.push_back(std::chrono::duration<double>(Clock::now() - start).count());
    }
    return quartilesOf(seconds).median;
}

}  // namespace denoscope
