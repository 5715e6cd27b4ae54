// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Frechet.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Array.h"
#include "engine/api/Error.h"

namespace denoscope {

Gaussian fitGaussian(const at::Tensor& features) {
    if (features.dim() != 2 || features.size(0) < 2 || features.size(1) < 1)
        throw EngineError(
            fmt::format("features of {} have no covariance", toText(Shape(features.sizes().vec()))),
            "Frechet distance", "give at least 2 rows, one an item");
    const at::Tensor rows = features.detach().to(at::kDouble);
    if (!at::isfinite(rows).all().item<bool>())
        throw EngineError("the features hold a value that is not finite", "Frechet distance",
                          "look for items with NaN or infinite values");
    const at::Tensor mean = rows.mean(0);
    const at::Tensor centred = (rows - mean) / std::sqrt(static_cast<double>(rows.size(0) - 1));
    // Many rows: the triangle of their QR decomposition is a root as good, and smaller.
    const bool many = rows.size(0) > rows.size(1);
    return {mean, many ? std::get<1>(at::linalg_qr(centred, "r")) : centred};
}

double frechetDistance(const Gaussian& left, const Gaussian& right) {
    if (left.mean.size(0) != right.mean.size(0))
        throw EngineError(
            fmt::format("{} features cannot be compared with {}", left.mean.size(0), right.mean.size(0)),
            "Frechet distance", "take the same features of both sets");
    const auto traceOf = [](const Gaussian& gaussian) { return gaussian.root.square().sum(); };
    const at::Tensor shared = at::linalg_svdvals(at::matmul(left.root, right.root.t())).sum();
    const at::Tensor apart = (left.mean - right.mean).square().sum();
    return std::max(0.0, (apart + traceOf(left) + traceOf(right) - 2 * shared).item<double>());
}

double frechetDistance(const at::Tensor& left, const at::Tensor& right) {
    return frechetDistance(fitGaussian(left), fitGaussian(right));
}

}  // namespace denoscope
