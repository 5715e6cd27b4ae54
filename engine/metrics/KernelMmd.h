// SPDX-License-Identifier: GPL-3.0-or-later
// Maximum mean discrepancy (Gretton et al. 2012, JMLR 13, eq. 3): the squared distance between the mean
// embeddings of two distributions in the space that a kernel spans, by the unbiased estimator
//
//     MMD^2 = mean over i != j of k(x_i, x_j) + mean over i != j of k(y_i, y_j) - 2 mean of k(x_i, y_j)
//
// Its expectation is 0 for equal distributions at any n, so single values may be negative.
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/metrics/Bootstrap.h"

namespace denoscope {

// k(x, y) = (x . y / D + 1)^3 between all rows of (N, D): (N, N) double. On Inception features this is KID's
// kernel (Binkowski et al. 2018, arXiv:1801.01401, section 3); it depends on the scale of the features.
at::Tensor cubicKernel(const at::Tensor& rows);

// k(x, y) = exp(-|x - y|^2 / (2 s^2)), s the median distance between two of the rows (Gretton et al. 2012,
// section 8): independent of scale. Where more than half of the pairs are equal, s is their mean distance
// instead, and where all are, k = 1.
at::Tensor gaussianKernel(const at::Tensor& rows);

// MMD^2 between two selections of the rows that `kernel` was computed for. A row drawn several times counts
// as often, but never as a pair with itself: that would bias every resample. Throws EngineError for a
// selection in which no two different rows are.
double mmdSquared(const at::Tensor& kernel, const Picks& left, const Picks& right);

}  // namespace denoscope
