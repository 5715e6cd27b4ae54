// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/ArrayLayout.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"

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

ArrayLayout described(ArrayLayout layout, const Shape& shape) {
    layout.note =
        fmt::format("The array ({}) is read as {} of {}, {} each.", toText(shape),
                    counted(layout.count, toText(layout.kind)), counted(layout.item.front(), "channel"),
                    toText(Shape(layout.item.begin() + 1, layout.item.end())));
    return layout;
}

ArrayLayout single(const Shape& s) {
    switch (s.size()) {
        case 1:
            return {DataKind::Signal, 1, {1, s[0]}, false, ""};
        case 2:
            if (areChannels(s[0], s[1]))
                return {DataKind::Signal, 1, {s[0], s[1]}, false, ""};
            return {DataKind::Image, 1, {1, s[0], s[1]}, false, ""};
        case 3:
            if (s[0] <= 4)
                return {DataKind::Image, 1, {s[0], s[1], s[2]}, false, ""};
            if (isColour(s[2]))
                return {DataKind::Image, 1, {s[2], s[0], s[1]}, true, ""};
            return {DataKind::Volume, 1, {1, s[0], s[1], s[2]}, false, ""};
        case 4:
            if (s[0] > 4 && isColour(s[3]))
                return {DataKind::Volume, 1, {s[3], s[0], s[1], s[2]}, true, ""};
            return {DataKind::Volume, 1, {s[0], s[1], s[2], s[3]}, false, ""};
        default:
            return {DataKind::Volume, s[0], {s[1], s[2], s[3], s[4]}, false, ""};
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
            return {DataKind::Signal, s[0], {1, s[1]}, false, ""};
        case 3:
            if (areChannels(s[1], s[2]))
                return {DataKind::Signal, s[0], {s[1], s[2]}, false, ""};
            if ((isColour(s[0]) || isColour(s[2])) &&
                std::min({s[1], std::max(s[0], s[2])}) >= smallestPicture)
                return single(s);
            return {DataKind::Image, s[0], {1, s[1], s[2]}, false, ""};
        case 4:
            if (s[1] <= 4)
                return {DataKind::Image, s[0], {s[1], s[2], s[3]}, false, ""};
            if (isColour(s[3]))
                return {DataKind::Image, s[0], {s[3], s[1], s[2]}, true, ""};
            return {DataKind::Volume, s[0], {1, s[1], s[2], s[3]}, false, ""};
        default:
            if (s[1] > 4 && isColour(s[4]))
                return {DataKind::Volume, s[0], {s[4], s[1], s[2], s[3]}, true, ""};
            return {DataKind::Volume, s[0], {s[1], s[2], s[3], s[4]}, false, ""};
    }
}

}  // namespace

ArrayLayout layoutOfSet(const Shape& shape, ScalarType type, const std::string& name) {
    requireValues(shape, name);
    return described(many(shape, type), shape);
}

ArrayLayout layoutOfItem(const Shape& shape, const std::string& name) {
    requireValues(shape, name);
    if (shape.size() > 4)
        throw EngineError(fmt::format("has {} axes, so it holds many items", shape.size()), name,
                          "open this file itself instead of its folder");
    return described(single(shape), shape);
}

}  // namespace denoscope
