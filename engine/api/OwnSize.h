// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/Array.h"
#include "engine/api/Config.h"
#include "engine/api/Data.h"

namespace denoscope {

// The extents after the channels: {L}, {H, W} or {D, H, W}.
Shape spatialExtents(const Shape& itemShape);

// Per axis the smallest and the largest extent over all items.
Shape smallestExtents(const DataFacts& facts);
Shape largestExtents(const DataFacts& facts);

// Whether items are larger than `size`, so that one of them gives many pieces (images are scaled and give
// one).
bool givesPieces(const DataFacts& facts, const Shape& size);

// What an empty data.size stands for: the size that every item has at least; of volumes a patch of at most 32
// along each axis, a multiple of 8 where the volume allows, so that every usual down-sampling divides it.
Shape ownSize(const DataFacts& facts);

// Classes that the network is conditioned on; 0 when unconditional.
int classCount(const RunConfig& config, const DataFacts& facts);

}  // namespace denoscope
