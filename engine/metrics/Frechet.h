// SPDX-License-Identifier: GPL-3.0-or-later
// Frechet distance between Gaussians fitted to two sets of feature vectors.
//
//     d^2 = |m1 - m2|^2 + tr(S1) + tr(S2) - 2 tr((S1 S2)^(1/2))
//
// Dowson and Landau 1982, "The Frechet distance between multivariate normal distributions"; Heusel et al.
// 2017, arXiv:1706.08500, eq. 6 (with Inception features: FID). The value is d^2, as everywhere in the field.
//
// With S = R^T R the nonzero eigenvalues of S1 S2 are those of R1 S2 R1^T, the squares of the singular values
// of R1 R2^T, so tr((S1 S2)^(1/2)) is the sum of these singular values. Nothing is squared and no covariance
// is inverted or rooted, so fewer rows than features are no special case.
//
// pytorch-fid takes the root of S1 S2 by Schur decomposition instead. Where that product is singular, its
// result carries the square roots of rounding errors (about 1e-8 each); only where the root comes out
// infinite or NaN does it add 1e-6 to both diagonals, which changes the result by about sqrt(1e-6) per
// direction in which just one of the sets varies. The reference case with 20 and 25 rows of 32 features was
// computed without that offset: the exact value agrees to 1.3e-8, one with the offset would be off by 2.6e-4.
//
// Biased upwards at small n, by roughly the number of features over n: compare values of equal n only, and
// with Measured::floor.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

struct Gaussian {
    at::Tensor mean;  // (F) double
    at::Tensor root;  // (K, F) double, root^T root = covariance (that of numpy.cov: divided by n - 1)
};

// features: (N, F), N >= 2, any real type. Throws EngineError for fewer rows or a value that is not finite.
Gaussian fitGaussian(const at::Tensor& features);

// d^2 >= 0. Throws EngineError where the numbers of features differ.
double frechetDistance(const Gaussian& left, const Gaussian& right);
double frechetDistance(const at::Tensor& left, const at::Tensor& right);  // of the Gaussians fitted to rows

}  // namespace denoscope
