// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/SliceSet.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/api/Orientation.h"
#include "engine/api/OwnSize.h"
#include "engine/data/Pieces.h"

namespace denoscope {
namespace {

// Which spatial axes of the array (0 = D, 1 = H, 2 = W) run across, down and through the slices, and which of
// them run the other way.
struct SlicePlan {
    std::size_t along = 0, down = 1, across = 2;
    bool alongBack = false, downBack = false, acrossBack = false;
};

SlicePlan planOf(const Geometry& geometry) {
    SlicePlan plan;
    const std::string letters = orientationLetters(geometry);  // of W, H, D
    for (std::size_t i = 0; i < letters.size(); ++i) {
        const std::size_t axis = 2 - i;
        const char side = letters[i];
        if (side == 'R' || side == 'L') {
            plan.across = axis;
            plan.acrossBack = side == 'R';  // the patient's right lies on the left
        } else if (side == 'A' || side == 'P') {
            plan.down = axis;
            plan.downBack = side == 'A';
        } else {
            plan.along = axis;
            plan.alongBack = side == 'I';
        }
    }
    return plan;
}

// How one plane lies in the world: the columns of the affine change places and signs as the axes do.
Geometry planeGeometry(const Geometry& volume, const SlicePlan& plan, const Shape& extents,
                       std::int64_t plane) {
    Shape first(3, plane);  // the voxel that becomes the first pixel
    first[plan.down] = plan.downBack ? extents[plan.down] - 1 : 0;
    first[plan.across] = plan.acrossBack ? extents[plan.across] - 1 : 0;
    Geometry flat = movedBy(volume, first);
    const std::array<std::pair<std::size_t, bool>, 3> axes{
        {{plan.across, plan.acrossBack}, {plan.down, plan.downBack}, {plan.along, plan.alongBack}}};
    for (std::size_t to = 0; to < 3; ++to) {
        const std::size_t from = 2 - axes[to].first;  // the affine counts W, H, D
        flat.spacing[to] = volume.spacing[from];
        for (std::size_t row = 0; row < 12; row += 4)
            flat.affine[row + to] = (axes[to].second ? -1 : 1) * volume.affine[row + from] + 0.0;  // no -0
    }
    return flat;
}

// A piece that is one voxel thick along plan.along, as (C, down, across).
Array laidFlat(const Array& piece, const SlicePlan& plan) {
    const Shape extents = spatialExtents(piece.shape);
    const std::array<std::int64_t, 3> strides{extents[1] * extents[2], extents[2], 1};
    const std::int64_t rows = extents[plan.down], columns = extents[plan.across];
    Array flat{{piece.shape[0], rows, columns}, {}};
    flat.values.reserve(piece.values.size());
    for (std::int64_t channel = 0; channel < piece.shape[0]; ++channel)
        for (std::int64_t row = 0; row < rows; ++row)
            for (std::int64_t column = 0; column < columns; ++column) {
                const std::int64_t y = plan.downBack ? rows - 1 - row : row;
                const std::int64_t x = plan.acrossBack ? columns - 1 - column : column;
                flat.values.push_back(piece.values[static_cast<std::size_t>(
                    channel * rows * columns + y * strides[plan.down] + x * strides[plan.across])]);
            }
    return flat;
}

class SliceSet : public Dataset {
public:
    explicit SliceSet(std::shared_ptr<const Dataset> volumes) : m_volumes(std::move(volumes)) {
        m_facts = m_volumes->facts();
        if (m_facts.kind != DataKind::Volume)
            throw EngineError(fmt::format("has no slices: its items are {}s", toText(m_facts.kind)),
                              m_facts.source, "set data.as to own");
        std::int64_t count = 0;
        for (std::int64_t volume = 0; volume < m_volumes->size(); ++volume) {
            const SlicePlan plan = planOf(m_volumes->geometryOf(volume));
            m_stacks.push_back({count, plan});
            count += spatialExtents(m_volumes->shapeOf(volume))[plan.along];
        }
        describe(count);
    }

    Item read(std::int64_t index) const override {
        const Place place = placeOf(index);
        const Shape extents = spatialExtents(m_volumes->shapeOf(place.volume));
        Shape start(3, 0), size(extents);
        start[place.plan.along] = planeOf(place, extents);
        size[place.plan.along] = 1;
        Item item = m_volumes->window(place.volume, start, size);
        item.array = std::make_shared<const Array>(laidFlat(*item.array, place.plan));
        item.name += fmt::format(", slice {}", place.slice + 1);
        item.geometry = geometryOf(index);
        return item;
    }

    int labelOf(std::int64_t index) const override { return m_volumes->labelOf(placeOf(index).volume); }

    Shape shapeOf(std::int64_t index) const override {
        const Place place = placeOf(index);
        const Shape shape = m_volumes->shapeOf(place.volume);
        return {shape[0], shape[1 + place.plan.down], shape[1 + place.plan.across]};
    }

    Geometry geometryOf(std::int64_t index) const override {
        const Place place = placeOf(index);
        const Shape extents = spatialExtents(m_volumes->shapeOf(place.volume));
        return planeGeometry(m_volumes->geometryOf(place.volume), place.plan, extents,
                             planeOf(place, extents));
    }

private:
    struct Stack {
        std::int64_t first;  // of its slices
        SlicePlan plan;
    };
    struct Place {
        std::int64_t volume, slice;
        const SlicePlan& plan;
    };

    Place placeOf(std::int64_t index) const {
        const auto after = std::ranges::upper_bound(m_stacks, index, {}, &Stack::first);
        const Stack& stack = *std::prev(after);
        return {std::prev(after) - m_stacks.begin(), index - stack.first, stack.plan};
    }

    // Counted as the volume stores them.
    static std::int64_t planeOf(const Place& place, const Shape& extents) {
        return place.plan.alongBack ? extents[place.plan.along] - 1 - place.slice : place.slice;
    }

    // The values are those of the volumes, and so are their statistics.
    void describe(std::int64_t count) {
        m_facts.format += ", axial slices";
        m_facts.kind = DataKind::Image;
        m_facts.notes.push_back(fmt::format("{} of {}; each is an item.", counted(count, "axial slice"),
                                            counted(m_volumes->size(), "volume")));
        if (!(m_facts.windowLow < m_facts.windowHigh)) {  // never the whole range of a 16-bit type
            m_facts.windowLow = m_facts.percentile005;
            m_facts.windowHigh = m_facts.percentile995;
        }
        m_facts.count = count;
        m_facts.geometry = geometryOf(0);
        m_facts.details.timeStep = 0;
        m_facts.shape = m_facts.smallestShape = m_facts.largestShape = shapeOf(0);
        m_facts.mixedShapes = false;
        for (const Stack& stack : m_stacks) {
            const Shape shape = shapeOf(stack.first);
            m_facts.mixedShapes = m_facts.mixedShapes || shape != m_facts.shape;
            for (std::size_t axis = 0; axis < shape.size(); ++axis) {
                m_facts.smallestShape[axis] = std::min(m_facts.smallestShape[axis], shape[axis]);
                m_facts.largestShape[axis] = std::max(m_facts.largestShape[axis], shape[axis]);
            }
        }
    }

    std::shared_ptr<const Dataset> m_volumes;
    std::vector<Stack> m_stacks;  // one per volume
};

}  // namespace

std::shared_ptr<const Dataset> slicesOf(std::shared_ptr<const Dataset> volumes) {
    return std::make_shared<SliceSet>(std::move(volumes));
}

}  // namespace denoscope
