// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// Where denoising between two items starts (Ho et al. 2020, arXiv:2006.11239, section 4.3): both with noise
// of level sigma, mixed linearly; share 0 gives a, 1 gives b. The same noises with other shares give one
// smooth path. Two independent noises lose variance in the middle; give the same one twice to keep it.
inline at::Tensor interpolated(const at::Tensor& a, const at::Tensor& b, const at::Tensor& noiseOfA,
                               const at::Tensor& noiseOfB, double sigma, double share) {
    return (1 - share) * (a + sigma * noiseOfA) + share * (b + sigma * noiseOfB);
}

}  // namespace denoscope
