// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Prepare.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "engine/api/OwnSize.h"
#include "engine/core/Random.h"
#include "engine/data/Pieces.h"
#include "engine/data/ValueMap.h"
#include "engine/data/demos/Draws.h"

namespace denoscope {
namespace {

// The width first, as views say sizes and places.
std::string extentsText(const Shape& extents) {
    return fmt::format("{}", fmt::join(extents.rbegin(), extents.rend(), " × "));
}

std::string placeText(Shape start) {
    for (std::int64_t& place : start)
        place = std::max<std::int64_t>(0, place);
    return fmt::format("{}", fmt::join(start.rbegin(), start.rend(), ", "));
}

// What place() says, for a person: "scaled 612 × 408 to 96 × 64", "the middle 64 × 64 cut out".
std::vector<std::string> placementSteps(const Placement& place, const Shape& size, DataKind kind) {
    std::vector<std::string> steps;
    if (place.scaled != place.extents)
        steps.push_back(
            fmt::format("scaled {} to {}", extentsText(place.extents), extentsText(place.scaled)));
    Shape inside(size);
    bool cut = false, padded = false;
    for (std::size_t axis = 0; axis < size.size(); ++axis) {
        inside[axis] = std::min(size[axis], place.scaled[axis]);
        cut = cut || inside[axis] < place.scaled[axis];
        padded = padded || inside[axis] < size[axis];
    }
    if (cut && kind == DataKind::Image)
        steps.push_back(fmt::format("the middle {} cut out", extentsText(inside)));
    else if (cut)
        steps.push_back(fmt::format("a random piece of {} cut out of {}, here at ({})", extentsText(inside),
                                    extentsText(place.scaled), placeText(place.start)));
    if (padded)
        steps.push_back(fmt::format("padded to {} with {}", extentsText(size),
                                    kind == DataKind::Signal ? "silence" : "the lowest value"));
    if (steps.empty())
        steps.push_back(fmt::format("taken whole, {}", extentsText(place.extents)));
    return steps;
}

std::string valueStep(const ItemPrepared& prepared, const std::string& unit) {
    std::string text = fmt::format("values {:.6g} to {:.6g}{}{} become -1 to 1", prepared.low, prepared.high,
                                   unit.empty() ? "" : " ", unit);
    if (prepared.clampedShare > 0)
        text += fmt::format(" ({:.2g} % of them lie outside and are clamped)", 100 * prepared.clampedShare);
    return text;
}

double spreadOf(const std::vector<float>& values) {
    double sum = 0, squares = 0;
    for (const float value : values) {
        sum += value;
        squares += static_cast<double>(value) * value;
    }
    const double count = std::max<double>(1, static_cast<double>(values.size())), mean = sum / count;
    return std::max(0.05, std::sqrt(std::max(0.0, squares / count - mean * mean)));
}

// x = clean + sigma n, brought back to the spread of clean items: sigma_data / sqrt(sigma^2 + sigma_data^2),
// which is c_in of Karras et al. 2022 (arXiv:2206.00364, table 1) times sigma_data.
Array noised(const Array& clean, const PrepareItem& request) {
    const double sigmaData =
        request.config.noise.sigmaData > 0 ? request.config.noise.sigmaData : spreadOf(clean.values);
    const double scale = sigmaData / std::hypot(request.sigma, sigmaData);
    Draws draws(keyOf(static_cast<std::uint64_t>(request.noiseSeed), Stream::Noise,
                      {static_cast<std::uint64_t>(request.index)}));
    Array noisy{clean.shape, clean.values};
    for (float& value : noisy.values)
        value = static_cast<float>(scale * (value + request.sigma * draws.normal()));
    return noisy;
}

}  // namespace

ItemPrepared prepareItem(const Dataset& dataset, const PrepareItem& request) {
    RunConfig config = request.config;
    if (config.noise.sigmaData <= 0)
        config.noise.sigmaData = 1;  // not needed here, and measuring it would read hundreds of items
    const DataConfig data = resolve(config, dataset).data;
    const std::uint64_t key = keyOf(static_cast<std::uint64_t>(request.noiseSeed), Stream::Crop,
                                    {static_cast<std::uint64_t>(request.index)});
    const DataFacts& facts = dataset.facts();
    ItemPrepared prepared{
        request, dataset.draw(request.index, data.size, data.fit, key), {}, data.low, data.high, 0, {}, {}};
    prepared.steps =
        placementSteps(dataset.place(request.index, data.size, data.fit, key), data.size, facts.kind);
    requireFinite(*prepared.item.array, fmt::format("{}, {}", facts.source, prepared.item.name));
    Array mapped = *prepared.item.array;
    const ValueMap map{data.low, data.high};
    std::int64_t clamped = 0;
    for (float& value : mapped.values) {
        clamped += value < data.low || value > data.high;
        value = map.toNetwork(value);
    }
    prepared.clampedShare =
        static_cast<double>(clamped) / std::max<double>(1, static_cast<double>(mapped.values.size()));
    prepared.steps.push_back(valueStep(prepared, facts.details.unit));
    if (data.mirror && facts.kind != DataKind::Signal)
        prepared.steps.emplace_back("mirrored left to right every second time");
    prepared.noisy = prepared.item;
    prepared.noisy.array = std::make_shared<const Array>(noised(mapped, request));
    prepared.item.array = std::make_shared<const Array>(std::move(mapped));
    return prepared;
}

}  // namespace denoscope
