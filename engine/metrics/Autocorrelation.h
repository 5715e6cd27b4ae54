// SPDX-License-Identifier: GPL-3.0-or-later
// Rhythm of signals: do they repeat themselves after the same time, and as faithfully?
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// signals: (N, C, L), 1 <= lags < L. (N, lags) double: column k - 1 is the normalised autocorrelation at lag
// k,
//     r(k) = sum over t of x(t) x(t + k) / sum over t of x(t)^2,
// x without its mean, both sums over all channels (Box and Jenkins 1976, eq. 2.1.12: the estimator whose
// values stay within -1 .. 1). 0 at every lag for a constant signal.
at::Tensor autocorrelations(const at::Tensor& signals, std::int64_t lags);

// Root mean square difference between the mean curves of two sets of such rows; 0 .. 2.
double autocorrelationDistance(const at::Tensor& left, const at::Tensor& right);

}  // namespace denoscope
