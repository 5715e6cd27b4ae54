// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/SpectrumDistance.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <bit>
#include <vector>

#include "engine/metrics/Profiles.h"

namespace denoscope {

std::int64_t welchSegment(std::int64_t length) {
    constexpr std::uint64_t longest = 256;
    return static_cast<std::int64_t>(std::min(std::bit_floor(static_cast<std::uint64_t>(length)), longest));
}

at::Tensor welchSpectra(const at::Tensor& signals, std::int64_t segment) {
    const at::Tensor window = at::hann_window(segment, at::kDouble);
    std::vector<at::Tensor> rows;
    for (std::int64_t i = 0; i < signals.size(0); ++i) {
        const at::Tensor segments = signals[i].to(at::kDouble).unfold(1, segment, segment / 2);
        const at::Tensor seen = (segments - segments.mean(2, true)) * window;
        const at::Tensor power =
            at::fft_rfft(seen).abs().square().flatten(0, 1).mean(0) / window.square().sum();
        rows.push_back(power.slice(0, 1));
    }
    return at::stack(rows);
}

double spectrumDistance(const at::Tensor& left, const at::Tensor& right) {
    return curveDistance(decibels(left.mean(0)), decibels(right.mean(0)));
}

}  // namespace denoscope
