// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/SlicedWasserstein.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <vector>

#include "engine/core/Noise.h"

namespace denoscope {
namespace {

// On each stretch of [0, 1] both empirical quantile functions are constant: which order statistic each has
// there, and how long the stretch is.
struct Stretches {
    std::vector<std::int64_t> left, right;
    std::vector<double> length;
};

Stretches stretchesOf(std::int64_t n, std::int64_t m) {
    Stretches stretches;
    const double whole = static_cast<double>(n) * static_cast<double>(m);
    std::int64_t at = 0;  // in units of 1 / (n m)
    for (std::int64_t i = 0, j = 0; i < n && j < m;) {
        const std::int64_t next = std::min((i + 1) * m, (j + 1) * n);
        stretches.left.push_back(i);
        stretches.right.push_back(j);
        stretches.length.push_back(static_cast<double>(next - at) / whole);
        at = next;
        i += next == (i + 1) * m;
        j += next == (j + 1) * n;
    }
    return stretches;
}

}  // namespace

at::Tensor projected(const at::Tensor& rows, std::int64_t directions, std::uint64_t seed) {
    constexpr std::int64_t atOnce = 16;  // all directions of long rows together might not fit in memory
    std::vector<at::Tensor> parts;
    for (std::int64_t first = 0; first < directions; first += atOnce) {
        std::vector<std::uint64_t> keys;
        for (std::int64_t i = first; i < std::min(first + atOnce, directions); ++i)
            keys.push_back(keyOf(seed, Stream::Direction, {static_cast<std::uint64_t>(i)}));
        const at::Tensor normal = standardNormalRows({rows.size(1)}, keys);
        const at::Tensor unit = normal / normal.square().sum(1, true).sqrt();
        parts.push_back(at::matmul(rows, unit.t()).to(at::kDouble));
    }
    return at::cat(parts, 1);
}

double slicedWasserstein(const at::Tensor& left, const at::Tensor& right) {
    const Stretches stretches = stretchesOf(left.size(0), right.size(0));
    const at::Tensor length = at::tensor(stretches.length, at::kDouble);
    const auto quantiles = [](const at::Tensor& columns, const std::vector<std::int64_t>& places) {
        return std::get<0>(columns.sort(0)).index_select(0, at::tensor(places, at::kLong));
    };
    const at::Tensor apart = quantiles(left, stretches.left) - quantiles(right, stretches.right);
    return at::matmul(length, apart.square()).mean().sqrt().item<double>();
}

}  // namespace denoscope
