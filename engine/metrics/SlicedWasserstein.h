// SPDX-License-Identifier: GPL-3.0-or-later
// Sliced Wasserstein distance (Rabin et al. 2012; Bonneel et al. 2015, eq. 9): the root mean square, over
// random directions, of the W2 distance between the two sets projected onto that direction.
//
// A shift of every value by s gives about s however many values an item has; unlike W2 in many dimensions it
// can be estimated from few items. Biased upwards at small n (two draws of one distribution never coincide):
// see Measured::floor.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>

namespace denoscope {

// (N, D) float rows onto `directions` random unit vectors, uniform on the sphere and a function of (D, seed)
// alone: (N, directions) double.
at::Tensor projected(const at::Tensor& rows, std::int64_t directions, std::uint64_t seed);

// Root mean square over the columns of the W2 distance between the columns of (N, P) and (M, P). In one
// dimension W2^2 is the integral of the squared difference of the quantile functions (Villani 2003, theorem
// 2.18), taken exactly also where N and M differ.
double slicedWasserstein(const at::Tensor& left, const at::Tensor& right);

}  // namespace denoscope
