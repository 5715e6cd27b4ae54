// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/KernelMmd.h"

#include <ATen/ATen.h>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

// x . y between all rows, in double without a double copy of all of them.
at::Tensor products(const at::Tensor& rows) {
    constexpr std::int64_t atOnce = 4096;
    at::Tensor sum = at::zeros({rows.size(0), rows.size(0)}, at::kDouble);
    for (const at::Tensor& columns : rows.split(atOnce, 1)) {
        const at::Tensor exact = columns.to(at::kDouble);
        sum.addmm_(exact, exact.t());
    }
    return sum;
}

// The mean of k over pairs of different rows, weighted by how often each was drawn.
at::Tensor meanWithin(const at::Tensor& kernel, const at::Tensor& counts) {
    const at::Tensor pairs = counts.sum().square() - counts.square().sum();
    if (pairs.item<double>() <= 0)
        throw EngineError("a set of one item has no pairs", "MMD^2", "give at least 2 different items");
    const at::Tensor sum = at::dot(counts, at::mv(kernel, counts));
    return (sum - at::dot(counts.square(), kernel.diagonal())) / pairs;
}

at::Tensor countsOf(const Picks& picks, std::int64_t rows) {
    return at::bincount(at::tensor(picks, at::kLong), {}, rows).to(at::kDouble);
}

}  // namespace

at::Tensor cubicKernel(const at::Tensor& rows) {
    return (products(rows) / static_cast<double>(rows.size(1)) + 1).pow(3);
}

at::Tensor gaussianKernel(const at::Tensor& rows) {
    const at::Tensor product = products(rows);
    const at::Tensor lengths = product.diagonal();
    const at::Tensor sums = lengths.unsqueeze(0) + lengths.unsqueeze(1);
    const at::Tensor difference = sums - 2 * product;
    // Equal rows: what rounding leaves of their distance must not pass for one.
    const at::Tensor squared = difference.masked_fill(difference <= 1e-12 * sums, 0);
    const at::Tensor pairs = at::ones_like(squared, at::kBool).triu(1);
    const at::Tensor distances = squared.masked_select(pairs).sqrt();
    double scale = distances.median().item<double>();
    if (!(scale > 0))
        scale = distances.mean().item<double>();
    return scale > 0 ? (squared / (-2 * scale * scale)).exp() : at::ones_like(squared);
}

double mmdSquared(const at::Tensor& kernel, const Picks& left, const Picks& right) {
    const at::Tensor x = countsOf(left, kernel.size(0)), y = countsOf(right, kernel.size(0));
    const at::Tensor across = at::dot(x, at::mv(kernel, y)) / (x.sum() * y.sum());
    return (meanWithin(kernel, x) + meanWithin(kernel, y) - 2 * across).item<double>();
}

}  // namespace denoscope
