// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Autocorrelation.h"

#include <ATen/ATen.h>

#include <vector>

#include "engine/metrics/Profiles.h"

namespace denoscope {
namespace {

// Wiener and Khinchin: the inverse transform of the power spectrum. Padded to twice the length, so that the
// end does not correlate with the start.
at::Tensor autocorrelation(const at::Tensor& signal, std::int64_t lags) {
    const at::Tensor exact = signal.to(at::kDouble);
    const at::Tensor centred = exact - exact.mean(1, true);
    const std::int64_t padded = 2 * signal.size(1);
    const at::Tensor power = at::fft_rfft(centred, padded).abs().square();
    const at::Tensor products = at::fft_irfft(power, padded).sum(0);
    // Rounding leaves a constant signal with a variance of about 1e-32 of its square.
    const bool constant =
        centred.square().sum().item<double>() <= 1e-24 * exact.square().sum().item<double>();
    return constant ? at::zeros({lags}, at::kDouble) : products.slice(0, 1, lags + 1) / products[0];
}

}  // namespace

at::Tensor autocorrelations(const at::Tensor& signals, std::int64_t lags) {
    std::vector<at::Tensor> rows;
    for (std::int64_t i = 0; i < signals.size(0); ++i)
        rows.push_back(autocorrelation(signals[i], lags));
    return at::stack(rows);
}

double autocorrelationDistance(const at::Tensor& left, const at::Tensor& right) {
    return curveDistance(left.mean(0), right.mean(0));
}

}  // namespace denoscope
