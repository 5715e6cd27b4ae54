// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Dataset.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>

#include "engine/api/Error.h"
#include "engine/core/Random.h"
#include "engine/data/Pieces.h"

namespace denoscope {
namespace {

// Where a random piece starts: anywhere it fits; 0 where the item is too small and will be padded.
Shape randomStart(const Shape& extents, const Shape& size, std::uint64_t key) {
    Shape start(extents.size());
    for (std::size_t axis = 0; axis < extents.size(); ++axis) {
        const std::int64_t room = std::max<std::int64_t>(0, extents[axis] - size[axis]);
        start[axis] = static_cast<std::int64_t>(unitOf(mix64(key + axis)) * static_cast<double>(room + 1));
    }
    return start;
}

// What counts as the empty surroundings of a volume: up to 2 % of the way from the lowest usual value to the
// highest (of the whole range where nearly all is surroundings). Nothing does before the values are measured.
double backgroundUpTo(const DataFacts& facts) {
    const bool usual = facts.percentile005 < facts.percentile995;
    const double low = usual ? facts.percentile005 : facts.min;
    const double high = usual ? facts.percentile995 : facts.max;
    return low < high ? low + 0.02 * (high - low) : std::numeric_limits<double>::lowest();
}

// How much is padded before a piece that is smaller than asked for: signals end in silence, volumes stay in
// the middle of what surrounds them.
Shape paddedBefore(const Shape& inside, const Shape& size, DataKind kind) {
    Shape before(size.size(), 0);
    for (std::size_t axis = 0; kind == DataKind::Volume && axis < size.size(); ++axis)
        before[axis] = (size[axis] - inside[axis]) / 2;
    return before;
}

void requireRank(const Shape& size, const DataFacts& facts) {
    const bool positive =
        std::all_of(size.begin(), size.end(), [](std::int64_t extent) { return extent > 0; });
    if (size.size() != static_cast<std::size_t>(spatialRank(facts.kind)) || !positive)
        throw EngineError(fmt::format("a size of '{}' does not suit {}s", toText(size), toText(facts.kind)),
                          facts.source,
                          fmt::format("give data.size {} positive numbers", spatialRank(facts.kind)));
}

}  // namespace

Shape Dataset::shapeOf(std::int64_t) const {
    return m_facts.shape;
}

Item Dataset::window(std::int64_t index, const Shape& start, const Shape& size) const {
    Item item = read(index);
    item.array = std::make_shared<const Array>(cutOut(*item.array, start, size, 0));
    item.geometry = movedBy(item.geometry, start);
    return item;
}

// The place of a random piece: for signals the first one that the key gives.
Shape Dataset::placeOf(std::int64_t index, const Shape& extents, const Shape& size, std::uint64_t key) const {
    constexpr int mostTries = 8;
    const Shape first = randomStart(extents, size, key);
    if (m_facts.kind != DataKind::Volume || size == extents)
        return first;
    const double background = backgroundUpTo(m_facts);
    Shape start = first;
    for (int tries = 1;; ++tries) {
        Shape centre(start);
        for (std::size_t axis = 0; axis < size.size(); ++axis)
            centre[axis] += size[axis] / 2;
        const Item voxel = window(index, centre, Shape(size.size(), 1));
        if (std::ranges::any_of(voxel.array->values, [&](float value) { return value > background; }))
            return start;
        if (tries == mostTries)
            return first;
        key = mix64(key + size.size());
        start = randomStart(extents, size, key);
    }
}

Placement Dataset::place(std::int64_t index, const Shape& size, Fit fit, std::uint64_t key) const {
    requireRank(size, m_facts);
    const Shape extents = spatialExtents(shapeOf(index));
    if (m_facts.kind == DataKind::Image) {
        const ImagePlacement image = placeImage(extents, size, fit);
        return {extents, image.scaled, image.start};
    }
    Shape inside(size);
    for (std::size_t axis = 0; axis < size.size(); ++axis)
        inside[axis] = std::min(size[axis], extents[axis]);
    Shape start = placeOf(index, extents, inside, key);
    const Shape padded = paddedBefore(inside, size, m_facts.kind);
    std::transform(start.begin(), start.end(), padded.begin(), start.begin(), std::minus<>());
    return {extents, extents, start};
}

Item Dataset::draw(std::int64_t index, const Shape& size, Fit fit, std::uint64_t key) const {
    requireRank(size, m_facts);
    if (m_facts.kind == DataKind::Image) {
        Item item = read(index);
        const Shape own = spatialExtents(item.array->shape);
        if (own == size)
            return item;
        item.array =
            std::make_shared<const Array>(fitImage(*item.array, size, fit, static_cast<float>(m_facts.min),
                                                   fmt::format("{}, {}", m_facts.source, item.name)));
        item.geometry = placedBy(placeImage(own, size, fit), item.geometry, own);
        return item;
    }
    const Shape extents = spatialExtents(shapeOf(index));
    Shape inside(size);
    for (std::size_t axis = 0; axis < size.size(); ++axis)
        inside[axis] = std::min(size[axis], extents[axis]);
    if (inside != size && fit != Fit::Pad)
        throw EngineError(fmt::format("is {} long where {} are asked for", toText(extents), toText(size)),
                          fmt::format("{}, {}", m_facts.source,
                                      window(index, Shape(size.size(), 0), Shape(size.size(), 1)).name),
                          "set data.fit to pad, or a smaller data.size");
    Item item = window(index, placeOf(index, extents, inside, key), inside);
    if (inside == size)
        return item;
    Shape start = paddedBefore(inside, size, m_facts.kind);
    std::transform(start.begin(), start.end(), start.begin(), std::negate<>());
    const float fill = m_facts.kind == DataKind::Volume ? static_cast<float>(m_facts.min) : 0.0f;
    item.array = std::make_shared<const Array>(cutOut(*item.array, start, size, fill));
    item.geometry = movedBy(item.geometry, start);
    return item;
}

}  // namespace denoscope
