// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/ArrayLayout.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <iterator>
#include <optional>
#include <utility>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/api/OwnSize.h"
#include "engine/data/formats/Channels.h"

namespace denoscope {
namespace {

bool isColour(std::int64_t extent) {
    return extent == 1 || extent == 3 || extent == 4;
}

// So few rows of such length are the channels of one recording rather than items.
bool areChannels(std::int64_t rows, std::int64_t columns) {
    return rows <= 16 && columns >= 16 * rows;
}

constexpr std::int64_t smallestPicture = 8;  // pixels a side; (3, 2, 2) is rather three items

void requireValues(const Shape& shape, const std::string& name) {
    if (shape.empty() || shape.size() > 5 ||
        std::any_of(shape.begin(), shape.end(), [](auto n) { return n < 1; }))
        throw EngineError(
            fmt::format("has the shape ({}), which holds no signals, images or volumes", toText(shape)), name,
            "give it one to five axes, none of them empty, e.g. (items, channels, height, width)");
}

ArrayLayout single(const Shape& s) {
    switch (s.size()) {
        case 1:
            return {DataKind::Signal, 1, {1, s[0]}, false};
        case 2:
            if (areChannels(s[0], s[1]))
                return {DataKind::Signal, 1, {s[0], s[1]}, false};
            return {DataKind::Image, 1, {1, s[0], s[1]}, false};
        case 3:
            if (s[0] <= 4)
                return {DataKind::Image, 1, {s[0], s[1], s[2]}, false};
            if (isColour(s[2]))
                return {DataKind::Image, 1, {s[2], s[0], s[1]}, true};
            return {DataKind::Volume, 1, {1, s[0], s[1], s[2]}, false};
        case 4:
            if (s[0] > 4 && isColour(s[3]))
                return {DataKind::Volume, 1, {s[3], s[0], s[1], s[2]}, true};
            return {DataKind::Volume, 1, {s[0], s[1], s[2], s[3]}, false};
        default:
            return {DataKind::Volume, s[0], {s[1], s[2], s[3], s[4]}, false};
    }
}

ArrayLayout many(const Shape& s, ScalarType type) {
    const bool greyLevels = type.bytes == 1;
    switch (s.size()) {
        case 1:
            return single(s);
        case 2:
            if (greyLevels || areChannels(s[0], s[1]))
                return single(s);
            return {DataKind::Signal, s[0], {1, s[1]}, false};
        case 3:
            if (areChannels(s[1], s[2]))
                return {DataKind::Signal, s[0], {s[1], s[2]}, false};
            if ((isColour(s[0]) || isColour(s[2])) &&
                std::min({s[1], std::max(s[0], s[2])}) >= smallestPicture)
                return single(s);
            return {DataKind::Image, s[0], {1, s[1], s[2]}, false};
        case 4:
            if (s[1] <= 4)
                return {DataKind::Image, s[0], {s[1], s[2], s[3]}, false};
            if (isColour(s[3]))
                return {DataKind::Image, s[0], {s[3], s[1], s[2]}, true};
            return {DataKind::Volume, s[0], {1, s[1], s[2], s[3]}, false};
        default:
            if (s[1] > 4 && isColour(s[4]))
                return {DataKind::Volume, s[0], {s[4], s[1], s[2], s[3]}, true};
            return {DataKind::Volume, s[0], {s[1], s[2], s[3], s[4]}, false};
    }
}

// As data of one kind, where the axes allow that and it is not absurd.
std::optional<ArrayLayout> readAs(DataKind kind, const Shape& s) {
    const std::size_t rank = s.size();
    const auto most = static_cast<std::int64_t>(mostChannels);
    switch (kind) {
        case DataKind::Signal:
            if (rank == 1)
                return single(s);
            if (rank == 2)
                return ArrayLayout{kind, s[0], {1, s[1]}, false};
            if (rank == 3 && s[1] <= most && s[1] < s[2])
                return ArrayLayout{kind, s[0], {s[1], s[2]}, false};
            return std::nullopt;
        case DataKind::Image:
            if (rank < 2 || std::min(s[rank - 2], s[rank - 1]) < (rank < 4 ? smallestPicture : 1))
                return std::nullopt;
            if (rank == 2)
                return ArrayLayout{kind, 1, {1, s[0], s[1]}, false};
            if (rank == 3)
                return ArrayLayout{kind, s[0], {1, s[1], s[2]}, false};
            if (rank == 4 && s[1] > 4 && isColour(s[3]))
                return ArrayLayout{kind, s[0], {s[3], s[1], s[2]}, true};
            if (rank == 4 && s[1] <= most)
                return ArrayLayout{kind, s[0], {s[1], s[2], s[3]}, false};
            return std::nullopt;
        case DataKind::Volume:
            break;
    }
    if (rank == 3)
        return ArrayLayout{kind, 1, {1, s[0], s[1], s[2]}, false};
    if (rank == 4 && s[0] > 4 && isColour(s[3]))
        return ArrayLayout{kind, 1, {s[3], s[0], s[1], s[2]}, true};
    if (rank == 4)
        return ArrayLayout{kind, s[0], {1, s[1], s[2], s[3]}, false};
    return std::nullopt;
}

template <class As>
std::vector<ArrayLayout> withOthers(ArrayLayout likeliest, const As& as) {
    std::vector<ArrayLayout> layouts{std::move(likeliest)};
    for (const DataKind kind : {DataKind::Signal, DataKind::Image, DataKind::Volume})
        if (kind != layouts.front().kind)
            if (std::optional<ArrayLayout> other = as(kind))
                layouts.push_back(*std::move(other));
    return layouts;
}

}  // namespace

std::vector<ArrayLayout> layoutsOfSet(const Shape& shape, ScalarType type, const std::string& name) {
    requireValues(shape, name);
    return withOthers(many(shape, type), [&](DataKind kind) { return readAs(kind, shape); });
}

std::vector<ArrayLayout> layoutsOfItem(const Shape& shape, const std::string& name) {
    requireValues(shape, name);
    const bool manyAxes = shape.size() > 4;  // the first is that of items
    if (manyAxes && shape.front() != 1)
        throw EngineError(fmt::format("has {} axes, so it holds many items", shape.size()), name,
                          "open this file itself instead of its folder");
    if (manyAxes)
        return {many(shape, {})};
    return withOthers(single(shape), [&](DataKind kind) {
        Shape one(shape);
        one.insert(one.begin(), 1);
        const std::optional<ArrayLayout> layout = readAs(kind, one);
        return layout || shape.front() != 1 ? layout : readAs(kind, shape);
    });
}

std::string partName(const ArrayLayout& layout) {
    return toText(layout.kind) + std::string("s");
}

const ArrayLayout& chosenLayout(const std::vector<ArrayLayout>& layouts, const std::string& part,
                                const std::string& name) {
    if (part.empty())
        return layouts.front();
    const auto found = std::ranges::find(layouts, part, partName);
    if (found != layouts.end())
        return *found;
    std::vector<std::string> names;
    std::ranges::transform(layouts, std::back_inserter(names), partName);
    throw EngineError(fmt::format("cannot be read as '{}'", part), name,
                      fmt::format("set data.part to {}, or leave it empty", fmt::join(names, " or ")));
}

std::vector<SourcePart> partsOf(const std::vector<ArrayLayout>& layouts) {
    std::vector<SourcePart> parts;
    for (const ArrayLayout& layout : layouts)
        if (layouts.size() > 1)
            parts.push_back({partName(layout), toText(layout)});
    return parts;
}

std::string toText(const ArrayLayout& layout) {
    return fmt::format("{} of {}, {}", counted(layout.count, toText(layout.kind)),
                       toText(spatialExtents(layout.item)), counted(layout.item.front(), "channel"));
}

std::string noteOf(const ArrayLayout& layout, const Shape& shape, bool choice) {
    return fmt::format("The array ({}) is read as {} of {}, {} each.{}", toText(shape),
                       counted(layout.count, toText(layout.kind)), counted(layout.item.front(), "channel"),
                       toText(spatialExtents(layout.item)),
                       choice ? " Its axes do not tell; data.part chooses another reading." : "");
}

}  // namespace denoscope
