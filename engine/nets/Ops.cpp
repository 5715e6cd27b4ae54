// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/Ops.h"

#include <ATen/ATen.h>

#include <cmath>

#include "engine/core/Compute.h"
#include "engine/core/Dropout.h"
#include "engine/kernels/Resample.h"
#include "engine/kernels/RowNorm.h"

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

bool fused(const at::Tensor& x) {
    return fusedKernels() && x.dim() > 2 &&
           (x.scalar_type() == at::kFloat || x.scalar_type() == at::kBFloat16);
}

at::Tensor mpSilu(const at::Tensor& x) {
    return fused(x) ? kernels::activated(kernels::siluOf(x)) : at::silu(x) / 0.596;
}

at::Tensor dropout(const at::Tensor& x, double share) {
    return x * kernels::dropoutMask(x.sizes().vec(), share, nextDropout(x.size(0))).to(x.scalar_type());
}

at::Tensor modulatedSilu(const at::Tensor& x, const at::Tensor& scale, double dropped, bool training) {
    if (fused(x))
        return kernels::activated(modulation(x, scale, dropped, training));
    at::Tensor factor = scale;
    while (factor.dim() < x.dim())
        factor = factor.unsqueeze(-1);
    const at::Tensor activated = mpSilu(x * factor);
    return training && dropped > 0 ? dropout(activated, dropped) : activated;
}

kernels::Activation modulation(const at::Tensor& x, const at::Tensor& scale, double dropped, bool training) {
    const bool drops = training && dropped > 0;
    return kernels::modulatedSiluOf(x, scale, dropped,
                                    drops ? nextDropout(x.size(0)) : std::vector<std::uint64_t>());
}

at::Tensor mpSum(const at::Tensor& a, const at::Tensor& b, double t) {
    const double length = std::hypot(1 - t, t);
    if (fused(a))
        return kernels::weightedSum(a, (1 - t) / length, b, t / length);
    return (a * (1 - t) + b * t) / length;
}

at::Tensor mpCat(const at::Tensor& a, const at::Tensor& b, double t) {
    const auto na = static_cast<double>(a.size(1)), nb = static_cast<double>(b.size(1));
    const double scale = std::sqrt((na + nb) / ((1 - t) * (1 - t) + t * t));
    const double ca = scale * (1 - t) / std::sqrt(na), cb = scale * t / std::sqrt(nb);
    return fused(a) ? kernels::weightedCat(a, ca, b, cb) : at::cat({a * ca, b * cb}, 1);
}

at::Tensor pixelNorm(const at::Tensor& x, std::int64_t dim, Compat compat) {
    if (dim == 1 && fused(x))
        return kernels::channelNorm(x, compat);
    const double root = std::sqrt(static_cast<double>(x.size(dim)));
    const at::Tensor norm = at::norm(x, 2, {dim}, true);
    if (compat == Compat::Reference)
        return x / norm.clamp_min(magnitudeEpsilon) * root;
    return x / (norm / root + magnitudeEpsilon);
}

at::Tensor normalizeWeight(const at::Tensor& weight, Compat compat) {
    return pixelNorm(weight.flatten(1), 1, compat).view(weight.sizes());
}

void normalizeInPlace(const at::Tensor& weight, Compat compat) {
    if (fusedKernels() && weight.scalar_type() == at::kFloat && weight.is_contiguous())
        kernels::normRowsInPlace(weight, kernels::rowRule(weight, compat));
    else
        weight.copy_(normalizeWeight(weight, compat));
}

at::Tensor convolve(const at::Tensor& x, const at::Tensor& weight, const at::Tensor& bias,
                    const Shape& stride) {
    Shape padding = weight.sizes().slice(2).vec();
    for (std::int64_t& extent : padding)
        extent = (extent - 1) / 2;
    const Shape step = stride.empty() ? Shape(padding.size(), 1) : stride;
    // By rank: at::convolution is not among the functions that LibTorch 1.13 casts to bfloat16.
    if (x.dim() == 3)
        return at::conv1d(x, weight, bias, step, padding);
    return x.dim() == 4 ? at::conv2d(x, weight, bias, step, padding)
                        : at::conv3d(x, weight, bias, step, padding);
}

at::Tensor rmsNorm(const at::Tensor& x, const at::Tensor& gain, double scale) {
    constexpr double epsilon = 1e-12;
    return x / at::norm(x, 2, {1}, true).clamp_min(epsilon) * gain * scale;
}

at::Tensor spaceToDepth(const at::Tensor& x, const Shape& factors) {
    Shape split{x.size(0), x.size(1)}, result{x.size(0), x.size(1) * elementCount(factors)};
    Shape channels;  // the axes of `split` that become channels; each follows the axis that stays
    for (std::size_t axis = 0; axis < factors.size(); ++axis) {
        const std::int64_t extent = x.size(static_cast<std::int64_t>(axis) + 2) / factors[axis];
        split.insert(split.end(), {extent, factors[axis]});
        result.push_back(extent);
        channels.push_back(static_cast<std::int64_t>(split.size()) - 1);
    }
    Shape order{0, 1};
    order.insert(order.end(), channels.begin(), channels.end());
    for (const std::int64_t axis : channels)
        order.push_back(axis - 1);
    return x.reshape(split).permute(order).reshape(result);
}

at::Tensor downsample(const at::Tensor& x, const Shape& factors) {
    if (fused(x))
        return kernels::halved(x, factors);
    Shape shape = x.sizes().vec();
    for (std::size_t axis = 0; axis < factors.size(); ++axis)
        shape[axis + 2] /= factors[axis];
    const Shape kernel = volumeFactors(factors);
    return at::avg_pool3d(asVolume(x), kernel, kernel).view(shape);
}

at::Tensor upsample(const at::Tensor& x, const Shape& factors, Compat compat) {
    if (fused(x))
        return kernels::doubled(x, factors, compat);
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
