// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/OwnSize.h"

#include <algorithm>
#include <functional>

namespace denoscope {

Shape spatialExtents(const Shape& itemShape) {
    return itemShape.empty() ? Shape{} : Shape(itemShape.begin() + 1, itemShape.end());
}

Shape smallestExtents(const DataFacts& facts) {
    return spatialExtents(facts.mixedShapes ? facts.smallestShape : facts.shape);
}

Shape largestExtents(const DataFacts& facts) {
    return spatialExtents(facts.mixedShapes ? facts.largestShape : facts.shape);
}

bool givesPieces(const DataFacts& facts, const Shape& size) {
    const Shape largest = largestExtents(facts);
    return facts.kind != DataKind::Image && !std::ranges::equal(largest, size, std::ranges::less_equal{});
}

Shape ownSize(const DataFacts& facts) {
    Shape size = smallestExtents(facts);
    if (facts.kind == DataKind::Volume)
        for (std::int64_t& extent : size)
            extent = extent >= 32 ? 32 : extent >= 8 ? extent / 8 * 8 : extent;
    return size;
}

int classCount(const RunConfig& config, const DataFacts& facts) {
    return config.data.useLabels ? static_cast<int>(facts.labels.size()) : 0;
}

}  // namespace denoscope
