// SPDX-License-Identifier: GPL-3.0-or-later
// Immiscible diffusion (Li et al. 2024, arXiv:2406.12303): within a batch every item is trained with a noise
// that lies near it.
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

namespace denoscope {

// For each row of an n x n cost matrix its column, so that the sum of the costs is the smallest: the
// Hungarian method with shortest augmenting paths (Jonker and Volgenant 1987), O(n^3).
std::vector<std::int64_t> assign(const std::vector<std::vector<double>>& costs);

// noise (B, C, ...) in the order that brings it, item by item, nearest to clean in Euclidean distance.
at::Tensor nearestNoise(const at::Tensor& clean, const at::Tensor& noise);

}  // namespace denoscope
