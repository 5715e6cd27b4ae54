// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/DataDesk.h"

#include <algorithm>
#include <exception>
#include <new>
#include <utility>

#include "engine/api/Settings.h"
#include "engine/core/Random.h"
#include "engine/data/Dataset.h"

namespace denoscope {
namespace {

constexpr std::int64_t previewItems = 64;

// A few items of the set: the first ones for seed 0, others for other seeds. One volume, since volumes are
// large.
std::vector<Item> previewOf(const Dataset& dataset, std::int64_t seed) {
    const bool volumes = dataset.facts().kind == DataKind::Volume;
    const std::int64_t count = std::min(volumes ? 1 : previewItems, dataset.size());
    const std::uint64_t start = seed == 0 ? 0
                                          : keyOf(static_cast<std::uint64_t>(seed), Stream::Shuffle, {}) %
                                                static_cast<std::uint64_t>(dataset.size());
    std::vector<Item> items;
    for (std::int64_t i = 0; i < count; ++i)
        items.push_back(dataset.read(
            (static_cast<std::int64_t>(start) + i * std::max<std::int64_t>(dataset.size() / count, 1)) %
            dataset.size()));
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
