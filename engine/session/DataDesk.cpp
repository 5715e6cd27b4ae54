// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/DataDesk.h"

#include <algorithm>
#include <exception>
#include <new>
#include <numbers>
#include <numeric>
#include <utility>

#include "engine/api/Settings.h"
#include "engine/core/Random.h"
#include "engine/data/Dataset.h"

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
std::vector<Item> previewOf(const Dataset& dataset, std::int64_t seed) {
    const bool volumes = dataset.facts().kind == DataKind::Volume;
    const std::int64_t size = dataset.size(), count = std::min(volumes ? 1 : previewItems, size);
    const std::uint64_t start = seed == 0 ? 0
                                          : keyOf(static_cast<std::uint64_t>(seed), Stream::Shuffle, {}) %
                                                static_cast<std::uint64_t>(size);
    const std::int64_t stride = wanderingStride(size);
    std::vector<Item> items;
    std::size_t values = 0;
    for (std::int64_t i = 0; i < count && values < previewValues; ++i) {
        items.push_back(dataset.read((static_cast<std::int64_t>(start) + i * stride) % size));
        values += items.back().array->values.size();
    }
    return items;
}

DataOpened openForLooking(const OpenData& request) {
    const auto dataset = openDataset(request.data);
    DataOpened opened{request.data, dataset->facts(), recommend(dataset->facts()), {}};
    opened.recommended.data.source = request.data.source;
    try {
        opened.preview = previewOf(*dataset, request.previewSeed);
    } catch (const EngineError& error) {
        opened.facts.notes.push_back("no preview: " + toText(error.error()));
    }
    return opened;
}

Event answer(const OpenData& request) {
    try {
        return openForLooking(request);
    } catch (const EngineError& error) {
        return DataFailed{request.data, error.error()};
    } catch (const std::bad_alloc&) {
        return DataFailed{
            request.data,
            {"the data does not fit into memory", request.data.source, "open a smaller part of it"}};
    } catch (const std::exception& error) {
        return DataFailed{request.data, {error.what(), request.data.source, ""}};
    }
}

}  // namespace

DataDesk::DataDesk(Mailbox& mailbox) : m_mailbox(mailbox), m_thread([this] { work(); }) {}

DataDesk::~DataDesk() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_one();
    m_thread.join();
}

void DataDesk::open(OpenData request) {
    {
        const std::lock_guard lock(m_mutex);
        m_request = std::move(request);
    }
    m_changed.notify_one();
}

bool DataDesk::superseded() const {
    const std::lock_guard lock(m_mutex);
    return m_closed || m_request.has_value();
}

void DataDesk::work() {
    while (true) {
        OpenData request;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_closed || m_request.has_value(); });
            if (m_closed)
                return;
            request = *std::exchange(m_request, std::nullopt);
        }
        Event event = answer(request);
        if (!superseded())
            m_mailbox.publish(std::move(event));
    }
}

}  // namespace denoscope
