// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/diffusion/Denoiser.h"
#include "engine/diffusion/NoiseSchedule.h"

namespace denoscope {

// One term of the variational bound of a discrete process, in bits per value (Nichol and Dhariwal 2021,
// arXiv:2102.09672, eq. 4 to 7 and 15), (B): KL(q(x_{t-1} | x_t, x_0) || p(x_{t-1} | x_t)), or at t = 0 the
// negative log-likelihood of the data in 256 levels. The estimate's mean is held fixed: only its variance
// learns. x, clean: (B, C, ...), x in the variance-exploding view; times: (B) float64 indices.
at::Tensor variationalBound(const Estimate& estimate, const at::Tensor& clean, const at::Tensor& x,
                            const at::Tensor& times, const NoiseSchedule& schedule);

}  // namespace denoscope
