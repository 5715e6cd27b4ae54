// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/DownsamplePlan.h"

#include <algorithm>

namespace denoscope {
namespace {

bool halves(const ModelConfig& model, std::size_t rank, std::size_t downsample, std::size_t axis) {
    if (rank < 3 || downsample >= model.downsampleTypes.size())
        return true;
    const DownsampleType type = model.downsampleTypes[downsample];
    const bool alongSlices = axis == 0;
    return type == DownsampleType::All || (type == DownsampleType::Frame) == alongSlices;
}

// 2^(how many of the first `downsamples` act on each axis).
Shape factors(std::size_t rank, const ModelConfig& model, std::int64_t downsamples) {
    Shape result(rank, 1);
    for (std::int64_t i = 0; i < downsamples; ++i)
        for (std::size_t axis = 0; axis < rank; ++axis)
            if (halves(model, rank, static_cast<std::size_t>(i), axis))
                result[axis] *= 2;
    return result;
}

}  // namespace

std::int64_t downsampleCount(const ModelConfig& model) {
    return model.family == ModelFamily::Karras
               ? model.downsamples
               : std::max<std::int64_t>(std::ssize(model.widthFactors) - 1, 0);
}

std::vector<Shape> stageSizes(const Shape& size, const ModelConfig& model) {
    std::vector<Shape> stages;
    for (std::int64_t stage = 0; stage <= downsampleCount(model); ++stage) {
        const Shape factor = factors(size.size(), model, stage);
        Shape extents = size;
        for (std::size_t axis = 0; axis < size.size(); ++axis)
            extents[axis] /= factor[axis];
        stages.push_back(std::move(extents));
    }
    return stages;
}

std::vector<std::int64_t> stageResolutions(const Shape& size, const ModelConfig& model) {
    const std::size_t axis = size.size() < 2 ? 0 : size.size() - 2;
    std::vector<std::int64_t> resolutions;
    for (const Shape& stage : stageSizes(size, model))
        resolutions.push_back(stage.at(axis));
    resolutions.erase(std::unique(resolutions.begin(), resolutions.end()), resolutions.end());
    return resolutions;
}

Shape nearestDivisible(const Shape& size, const ModelConfig& model) {
    const Shape factor = factors(size.size(), model, downsampleCount(model));
    Shape result = size;
    for (std::size_t axis = 0; axis < size.size(); ++axis)
        result[axis] =
            std::max<std::int64_t>((size[axis] + factor[axis] / 2) / factor[axis], 1) * factor[axis];
    return result;
}

std::int64_t mostDownsamples(const Shape& size, const ModelConfig& model) {
    std::int64_t fitting = 0;
    while (fitting < downsampleCount(model)) {
        const Shape factor = factors(size.size(), model, fitting + 1);
        for (std::size_t axis = 0; axis < size.size(); ++axis)
            if (size[axis] % factor[axis] != 0)
                return fitting;
        ++fitting;
    }
    return fitting;
}

}  // namespace denoscope
