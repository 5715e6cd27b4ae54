// SPDX-License-Identifier: GPL-3.0-or-later
// From items to the tensors that metrics compare.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/Array.h"

namespace denoscope {

// (N, C, ...) float32 of items that all have the first one's shape. Throws EngineError that names `set` and
// the item: none at all, another shape (both are told), a value that is not finite.
at::Tensor stacked(const std::vector<Item>& items, const std::string& set);

// Local means: adaptive average pooling to at most 64 places a channel (64, 8 x 8 or 4 x 4 x 4; never more
// than there are samples along an axis), flattened: (N, F) float32 with F <= 64 C. Few enough that a few
// hundred items determine a covariance; what happens between the places is for the other metrics.
at::Tensor localMeans(const at::Tensor& items);
std::string localMeansText(const Shape& itemShape);  // "1 x 8 x 8 local means"

}  // namespace denoscope
