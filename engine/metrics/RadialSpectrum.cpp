// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/RadialSpectrum.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <numeric>
#include <vector>

#include "engine/metrics/Profiles.h"

namespace denoscope {
namespace {

// For every place of the spectrum the bin it belongs to; bin n/2 + 1 collects what is left out.
struct Bins {
    at::Tensor index;   // (product of extents) int64
    at::Tensor counts;  // (n/2 + 2) double
};

Bins binsOf(at::IntArrayRef extents) {
    const std::int64_t longest = *std::max_element(extents.begin(), extents.end());
    at::Tensor squared = at::zeros(extents, at::kDouble);
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
        std::vector<std::int64_t> along(extents.size(), 1);
        along[axis] = extents[axis];
        squared = squared + at::fft_fftfreq(extents[axis], 1.0, at::kDouble).square().view(along);
    }
    const at::Tensor index =
        (squared.sqrt() * static_cast<double>(longest)).round().to(at::kLong).clamp_max(longest / 2 + 1);
    return {index.flatten(), at::bincount(index.flatten()).to(at::kDouble)};
}

at::Tensor powerOf(const at::Tensor& item) {  // (C, ...) -> (...), channels averaged
    std::vector<std::int64_t> spatial(static_cast<std::size_t>(item.dim() - 1));
    std::iota(spatial.begin(), spatial.end(), 1);
    const at::Tensor exact = item.to(at::kDouble);
    const at::Tensor spectrum = at::fft_fftn(exact - exact.mean(spatial, true), c10::nullopt, spatial);
    return spectrum.abs().square().mean(0) / static_cast<double>(item[0].numel());
}

}  // namespace

at::Tensor radialLogSpectra(const at::Tensor& items) {
    const Bins bins = binsOf(items.sizes().slice(2));
    const std::int64_t all = bins.counts.size(0);
    const std::int64_t kept = *std::max_element(items.sizes().begin() + 2, items.sizes().end()) / 2;
    std::vector<at::Tensor> rows;
    for (std::int64_t i = 0; i < items.size(0); ++i) {
        const at::Tensor sums =
            at::zeros({all}, at::kDouble).index_add(0, bins.index, powerOf(items[i]).flatten());
        rows.push_back((sums / bins.counts).slice(0, 1, kept + 1));
    }
    return decibels(at::stack(rows));
}

double radialSpectrumDistance(const at::Tensor& left, const at::Tensor& right) {
    return curveDistance(left.mean(0), right.mean(0));
}

}  // namespace denoscope
