// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/Parallel.h>

#include <algorithm>
#include <cstdint>

namespace denoscope::kernels {

inline std::int64_t divideUp(std::int64_t n, std::int64_t by) {
    return (n + by - 1) / by;
}
inline std::int64_t roundUp(std::int64_t n, std::int64_t multiple) {
    return divideUp(n, multiple) * multiple;
}

// Calls f(first row, rows) on several threads, with enough elements a call to be worth waking one. What a
// row's result is must not depend on where the calls part.
template <class F>
void forRows(std::int64_t rows, std::int64_t length, const F& f) {
    constexpr std::int64_t elementsPerCall = 1 << 14;
    const std::int64_t rowsPerCall =
        std::max<std::int64_t>(1, elementsPerCall / std::max<std::int64_t>(1, length));
    at::parallel_for(0, rows, rowsPerCall,
                     [&](std::int64_t begin, std::int64_t end) { f(begin, end - begin); });
}

}  // namespace denoscope::kernels
