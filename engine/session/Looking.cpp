// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/Looking.h"

#include <algorithm>
#include <cmath>
#include <exception>
#include <limits>
#include <new>
#include <numbers>
#include <numeric>

#include "engine/api/Settings.h"
#include "engine/core/Random.h"
#include "engine/data/Pieces.h"
#include "engine/data/Prepare.h"

namespace denoscope {
namespace {

constexpr std::int64_t previewItems = 64;
constexpr std::size_t previewValues = std::size_t{16} << 20;  // enough to look at; photographs are large

// A stride that visits every item once before it repeats, and neighbours in no particular order: evenly
// spaced items would fall in step with classes that take turns, the first ones with classes that lie in
// folders.
std::int64_t wanderingStride(std::int64_t size) {
    auto stride =
        std::max<std::int64_t>(static_cast<std::int64_t>(static_cast<double>(size) / std::numbers::phi), 1);
    while (std::gcd(stride, size) != 1)
        ++stride;
    return stride;
}

// A few items of the set, others for other seeds. One volume, since volumes are large.
void drawPreview(const Dataset& dataset, std::int64_t seed, DataOpened& opened) {
    const bool volumes = dataset.facts().kind == DataKind::Volume;
    const std::int64_t size = dataset.size(), count = std::min(volumes ? 1 : previewItems, size);
    const std::uint64_t start = seed == 0 ? 0
                                          : keyOf(static_cast<std::uint64_t>(seed), Stream::Shuffle, {}) %
                                                static_cast<std::uint64_t>(size);
    const std::int64_t stride = wanderingStride(size);
    std::size_t values = 0;
    for (std::int64_t i = 0; i < count && values < previewValues; ++i) {
        const std::int64_t index = (static_cast<std::int64_t>(start) + i * stride) % size;
        opened.preview.push_back(dataset.read(index));
        opened.previewIndices.push_back(index);
        values += opened.preview.back().array->values.size();
    }
}

// The exception in flight, about something of `source`.
Error whatWentWrong(const std::string& source) {
    try {
        throw;
    } catch (const EngineError& error) {
        return error.error();
    } catch (const std::bad_alloc&) {
        return {"the data does not fit into memory", source, "open a smaller part of it"};
    } catch (const std::exception& error) {
        return {error.what(), source, ""};
    }
}

// What there is to see of an item at the size of a thumbnail.
Item thumbnailOf(Item item, std::int64_t longestSide) {
    const Shape extents = spatialExtents(item.array->shape);
    if (extents.size() == 3) {
        const Shape start{extents[0] / 2, 0, 0};
        item.array =
            std::make_shared<const Array>(cutOut(*item.array, start, {1, extents[1], extents[2]}, 0));
        item.geometry = movedBy(item.geometry, start);
    } else if (extents.size() == 2 && std::ranges::max(extents) > longestSide) {
        const double scale =
            static_cast<double>(longestSide) / static_cast<double>(std::ranges::max(extents));
        const auto scaled = [scale](std::int64_t extent) {
            return std::max<std::int64_t>(1, std::llround(static_cast<double>(extent) * scale));
        };
        item.array =
            std::make_shared<const Array>(resampleArea(*item.array, scaled(extents[0]), scaled(extents[1])));
    }
    return item;
}

void requireItem(const Dataset& dataset, std::int64_t index) {
    if (index < 0 || index >= dataset.size())
        throw EngineError("there is no item " + std::to_string(index), dataset.facts().source,
                          "it has " + std::to_string(dataset.size()) + ", counted from 0");
}

}  // namespace

OpenedForLooking openForLooking(const OpenData& request) {
    try {
        const auto dataset = openDataset(request.data, Purpose::Looking);
        DataOpened opened{request.data, dataset->facts(), recommend(dataset->facts()), {}, {}};
        opened.recommended.data.source = request.data.source;
        opened.recommended.data.part = request.data.part;
        opened.recommended.data.sampleRate = request.data.sampleRate;
        opened.recommended.data.as = request.data.as;
        try {
            drawPreview(*dataset, request.previewSeed, opened);
        } catch (const EngineError& error) {
            opened.facts.notes.push_back("no preview: " + toText(error.error()));
        }
        return {std::move(opened), dataset};
    } catch (...) {
        return {DataFailed{request.data, whatWentWrong(request.data.source)}, nullptr};
    }
}

ItemRead readForLooking(const Dataset& dataset, const ReadItems& request, std::int64_t index) {
    try {
        requireItem(dataset, index);
        Item item = dataset.read(index);
        if (request.look == Look::Thumbnails)
            item = thumbnailOf(std::move(item), std::max<std::int64_t>(1, request.longestSide));
        return {index, std::move(item), {}};
    } catch (...) {
        return {index, {}, whatWentWrong(dataset.facts().source)};
    }
}

BesideRead readBeside(const ReadBeside& request) {
    try {
        const auto dataset = openDataset(request.data, Purpose::Looking);
        requireItem(*dataset, 0);
        return {request.data, dataset->facts(), dataset->read(0), {}};
    } catch (...) {
        return {request.data, {}, {}, whatWentWrong(request.data.source)};
    }
}

int labelForLooking(const Dataset& dataset, std::int64_t index) {
    try {
        return dataset.labelOf(index);
    } catch (const std::exception&) {
        return -1;
    }
}

double meanForLooking(const Dataset& dataset, std::int64_t index) {
    try {
        const Item item = dataset.read(index);
        const std::vector<float>& values = item.array->values;
        return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
    } catch (const std::exception&) {
        return std::numeric_limits<double>::quiet_NaN();
    }
}

ItemPrepared prepareForLooking(const Dataset& dataset, const PrepareItem& request) {
    try {
        requireItem(dataset, request.index);
        return prepareItem(dataset, request);
    } catch (...) {
        return {request, {}, {}, 0, 0, 0, {}, whatWentWrong(dataset.facts().source)};
    }
}

}  // namespace denoscope
