// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/Ops.h"

#include <ATen/ATen.h>

#include <cmath>

namespace denoscope::ops {
namespace {

constexpr double magnitudeEpsilon = 1e-4;

// (B, C, ...) seen as (B, C, D, H, W) and factors to match, so that one routine serves every rank.
at::Tensor asVolume(const at::Tensor& x) {
    at::Tensor volume = x;
    while (volume.dim() < 5)
        volume = volume.unsqueeze(2);
    return volume;
}

Shape volumeFactors(const Shape& factors) {
    Shape padded(3 - factors.size(), 1);
    padded.insert(padded.end(), factors.begin(), factors.end());
    return padded;
}

}  // namespace

at::Tensor mpSilu(const at::Tensor& x) {
    return at::silu(x) / 0.596;
}

at::Tensor mpSum(const at::Tensor& a, const at::Tensor& b, double t) {
    return (a * (1 - t) + b * t) / std::hypot(1 - t, t);
}

at::Tensor mpCat(const at::Tensor& a, const at::Tensor& b, double t) {
    const auto na = static_cast<double>(a.size(1)), nb = static_cast<double>(b.size(1));
    const double scale = std::sqrt((na + nb) / ((1 - t) * (1 - t) + t * t));
    return at::cat({a * (scale * (1 - t) / std::sqrt(na)), b * (scale * t / std::sqrt(nb))}, 1);
}

at::Tensor pixelNorm(const at::Tensor& x, std::int64_t dim, Compat compat) {
    const double root = std::sqrt(static_cast<double>(x.size(dim)));
    const at::Tensor norm = at::norm(x, 2, {dim}, true);
    if (compat == Compat::Reference)
        return x / norm.clamp_min(magnitudeEpsilon) * root;
    return x / (norm / root + magnitudeEpsilon);
}

at::Tensor normalizeWeight(const at::Tensor& weight, Compat compat) {
    return pixelNorm(weight.flatten(1), 1, compat).view(weight.sizes());
}

at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight) {
    // By rank: at::convolution is not among the functions that LibTorch 1.13 casts to bfloat16.
    const std::int64_t padding = weight.size(2) / 2;
    if (x.dim() == 3)
        return at::conv1d(x, weight, {}, 1, padding);
    return x.dim() == 4 ? at::conv2d(x, weight, {}, 1, padding) : at::conv3d(x, weight, {}, 1, padding);
}

at::Tensor downsample(const at::Tensor& x, const Shape& factors) {
    Shape shape = x.sizes().vec();
    for (std::size_t axis = 0; axis < factors.size(); ++axis)
        shape[axis + 2] /= factors[axis];
    const Shape kernel = volumeFactors(factors);
    return at::avg_pool3d(asVolume(x), kernel, kernel).view(shape);
}

at::Tensor upsample(const at::Tensor& x, const Shape& factors, Compat compat) {
    const at::Tensor volume = asVolume(x);
    const Shape scale = volumeFactors(factors);
    const Shape extents{volume.size(2) * scale[0], volume.size(3) * scale[1], volume.size(4) * scale[2]};
    Shape shape = x.sizes().vec();
    for (std::size_t axis = 0; axis < factors.size(); ++axis)
        shape[axis + 2] *= factors[axis];
    const at::Tensor larger = compat == Compat::Reference ? at::upsample_trilinear3d(volume, extents, false)
                                                          : at::upsample_nearest3d(volume, extents);
    return larger.view(shape);
}

}  // namespace denoscope::ops
