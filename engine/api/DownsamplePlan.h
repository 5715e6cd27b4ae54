// SPDX-License-Identifier: GPL-3.0-or-later
// What the down-samplings of a network do to the extents of an item.
#pragma once

#include "engine/api/Array.h"
#include "engine/api/Config.h"

namespace denoscope {

// How often the network halves.
std::int64_t downsampleCount(const ModelConfig& model);

// The extents of every stage from finest to coarsest; size is {L}, {H, W} or {D, H, W}. Extents that do not
// divide are rounded down.
std::vector<Shape> stageSizes(const Shape& size, const ModelConfig& model);

// The resolutions by which model.attention names the stages: L, or H.
std::vector<std::int64_t> stageResolutions(const Shape& size, const ModelConfig& model);

// The nearest size that every down-sampling divides (the larger of two equally near ones); `size` itself if
// it does.
Shape nearestDivisible(const Shape& size, const ModelConfig& model);

// How many of the down-samplings, from the first on, divide this size.
std::int64_t mostDownsamples(const Shape& size, const ModelConfig& model);

}  // namespace denoscope
