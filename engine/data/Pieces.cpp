// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Pieces.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

// All items as (C, D, H, W), so that one loop serves every kind.
Shape fourExtents(Shape spatial, std::int64_t channels, std::int64_t filler) {
    while (spatial.size() < 3)
        spatial.insert(spatial.begin(), filler);
    return withChannels(channels, spatial);
}

struct Weight {
    std::int64_t source;
    float share;
};

// For each output pixel the input pixels under it and their share of its area.
std::vector<std::vector<Weight>> areaWeights(std::int64_t from, std::int64_t to) {
    const double ratio = static_cast<double>(from) / static_cast<double>(to);
    std::vector<std::vector<Weight>> weights(static_cast<std::size_t>(to));
    for (std::int64_t i = 0; i < to; ++i) {
        const double low = static_cast<double>(i) * ratio, high = low + ratio;
        for (auto j = static_cast<std::int64_t>(low); j < from && static_cast<double>(j) < high; ++j) {
            const auto left = static_cast<double>(j);
            const double overlap = std::min(high, left + 1) - std::max(low, left);
            if (overlap > 1e-9)
                weights[static_cast<std::size_t>(i)].push_back({j, static_cast<float>(overlap / ratio)});
        }
    }
    return weights;
}

std::int64_t scaled(std::int64_t extent, double scale) {
    return std::max<std::int64_t>(1, std::llround(static_cast<double>(extent) * scale));
}

}  // namespace

Shape withChannels(std::int64_t channels, const Shape& spatial) {
    Shape shape{channels};
    shape.insert(shape.end(), spatial.begin(), spatial.end());
    return shape;
}

Array cutOut(const Array& array, const Shape& start, const Shape& size, float fill) {
    Array piece{withChannels(array.shape.front(), size), {}};
    piece.values.assign(static_cast<std::size_t>(elementCount(piece.shape)), fill);
    const Shape from = fourExtents(spatialExtents(array.shape), array.shape.front(), 1);
    const Shape to = fourExtents(size, array.shape.front(), 1);
    const Shape at = fourExtents(start, 0, 0);
    const std::int64_t left = std::max<std::int64_t>(0, -at[3]), right = std::min(to[3], from[3] - at[3]);
    if (left >= right)
        return piece;
    for (std::int64_t c = 0; c < to[0]; ++c)
        for (std::int64_t z = std::max<std::int64_t>(0, -at[1]); z < std::min(to[1], from[1] - at[1]); ++z)
            for (std::int64_t y = std::max<std::int64_t>(0, -at[2]); y < std::min(to[2], from[2] - at[2]);
                 ++y) {
                const float* source =
                    array.values.data() + ((c * from[1] + z + at[1]) * from[2] + y + at[2]) * from[3];
                float* target = piece.values.data() + ((c * to[1] + z) * to[2] + y) * to[3];
                std::copy(source + left + at[3], source + right + at[3], target + left);
            }
    return piece;
}

Array resampleArea(const Array& image, std::int64_t height, std::int64_t width) {
    const std::int64_t channels = image.shape[0], rows = image.shape[1], columns = image.shape[2];
    const auto across = areaWeights(columns, width), down = areaWeights(rows, height);
    Array result{{channels, height, width},
                 std::vector<float>(static_cast<std::size_t>(channels * height * width))};
    std::vector<float> narrow(static_cast<std::size_t>(rows * width));
    for (std::int64_t c = 0; c < channels; ++c) {
        const float* source = image.values.data() + c * rows * columns;
        std::fill(narrow.begin(), narrow.end(), 0.0f);
        for (std::int64_t y = 0; y < rows; ++y)
            for (std::int64_t x = 0; x < width; ++x)
                for (const Weight& weight : across[static_cast<std::size_t>(x)])
                    narrow[static_cast<std::size_t>(y * width + x)] +=
                        weight.share * source[y * columns + weight.source];
        float* target = result.values.data() + c * height * width;
        for (std::int64_t y = 0; y < height; ++y)
            for (const Weight& weight : down[static_cast<std::size_t>(y)])
                for (std::int64_t x = 0; x < width; ++x)
                    target[y * width + x] +=
                        weight.share * narrow[static_cast<std::size_t>(weight.source * width + x)];
    }
    return result;
}

ImagePlacement placeImage(const Shape& own, const Shape& size, Fit fit) {
    if (own == size || fit == Fit::Exact)
        return {own, Shape(own.size(), 0)};
    const double vertical = static_cast<double>(size[0]) / static_cast<double>(own[0]);
    const double horizontal = static_cast<double>(size[1]) / static_cast<double>(own[1]);
    const double scale =
        fit == Fit::Crop ? std::max(vertical, horizontal) : std::min({vertical, horizontal, 1.0});
    Shape target{scaled(own[0], scale), scaled(own[1], scale)};
    for (std::size_t axis = 0; axis < 2; ++axis)  // rounding must not leave a border nor cut one off
        target[axis] =
            fit == Fit::Crop ? std::max(target[axis], size[axis]) : std::min(target[axis], size[axis]);
    const auto centred = [](std::int64_t have, std::int64_t want) {
        return have >= want ? (have - want) / 2 : -((want - have) / 2);
    };
    return {target, {centred(target[0], size[0]), centred(target[1], size[1])}};
}

Array fitImage(const Array& image, const Shape& size, Fit fit, float fill, const std::string& name) {
    const Shape own = spatialExtents(image.shape);
    if (own == size)
        return image;
    if (fit == Fit::Exact)
        throw EngineError(fmt::format("is {} pixels where {} are asked for", toText(own), toText(size)), name,
                          "set data.fit to crop or pad, or data.size to the size of the images");
    const auto [scaledTo, start] = placeImage(own, size, fit);
    return cutOut(scaledTo == own ? image : resampleArea(image, scaledTo[0], scaledTo[1]), start, size, fill);
}

Geometry movedBy(Geometry geometry, const Shape& start) {
    if (start.size() == 3)
        for (std::size_t row = 0; row < 3; ++row)
            for (std::size_t axis = 0; axis < 3; ++axis)
                geometry.affine[row * 4 + 3] +=
                    geometry.affine[row * 4 + axis] * static_cast<double>(start[2 - axis]);
    return geometry;
}

Geometry placedBy(const ImagePlacement& placement, Geometry geometry, const Shape& own) {
    if (geometry == Geometry{})
        return geometry;
    for (std::size_t axis = 0; axis < 2; ++axis) {  // W and H
        const double scale =
            static_cast<double>(own[1 - axis]) / static_cast<double>(placement.scaled[1 - axis]);
        // Of the first pixel's centre, in pixels as they were.
        const double first = (static_cast<double>(placement.start[1 - axis]) + 0.5) * scale - 0.5;
        geometry.spacing[axis] *= scale;
        for (std::size_t row = 0; row < 12; row += 4) {
            geometry.affine[row + 3] += geometry.affine[row + axis] * first;
            geometry.affine[row + axis] *= scale;
        }
    }
    return geometry;
}

Geometry networkGeometry(const DataFacts& facts, const DataConfig& data) {
    const Shape own = spatialExtents(facts.shape);
    return facts.kind == DataKind::Image ? placedBy(placeImage(own, data.size, data.fit), facts.geometry, own)
                                         : facts.geometry;
}

void requireFinite(const Array& array, const std::string& name) {
    const auto bad =
        std::find_if(array.values.begin(), array.values.end(), [](float v) { return !std::isfinite(v); });
    if (bad == array.values.end())
        return;
    auto flat = static_cast<std::int64_t>(bad - array.values.begin());
    std::string position;
    for (std::size_t axis = array.shape.size(); axis-- > 0;) {
        position = fmt::format("{}{}{}", flat % array.shape[axis], position.empty() ? "" : ", ", position);
        flat /= array.shape[axis];
    }
    throw EngineError(
        fmt::format("holds {} at ({}), channel first", std::isnan(*bad) ? "a NaN" : "an infinity", position),
        name, "replace such values or remove the item, then open the data again");
}

}  // namespace denoscope
