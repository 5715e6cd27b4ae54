// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/DataDesk.h"

#include <chrono>
#include <utility>

#include "engine/session/Looking.h"

namespace denoscope {
namespace {

using Clock = std::chrono::steady_clock;
// So long a part of a longer answer is gathered before it is published.
constexpr std::chrono::milliseconds partTime{40};

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

bool DataDesk::take(Command& command) {
    {
        const std::lock_guard lock(m_mutex);
        if (auto* wanted = std::get_if<OpenData>(&command))
            m_requests.open = std::move(*wanted);
        else if (auto* items = std::get_if<ReadItems>(&command))
            m_requests.reads.insert_or_assign(items->look, std::move(*items));
        else if (auto* beside = std::get_if<ReadBeside>(&command))
            m_requests.beside = std::move(*beside);
        else if (auto* prepared = std::get_if<PrepareItem>(&command))
            m_requests.prepare = std::move(*prepared);
        else if (auto* indexed = std::get_if<IndexItems>(&command))
            m_requests.index = std::move(*indexed);
        else
            return false;
    }
    m_changed.notify_one();
    return true;
}

void DataDesk::work() {
    while (true) {
        Requests wanted;
        {
            std::unique_lock lock(m_mutex);
            m_changed.wait(lock, [this] { return m_closed || m_indexing || !m_requests.empty(); });
            if (m_closed)
                return;
            if (m_requests.open)
                wanted.open = std::exchange(m_requests.open, {});
            else if (!m_requests.reads.empty())
                wanted.reads.insert(m_requests.reads.extract(m_requests.reads.begin()));
            else if (m_requests.beside)
                wanted.beside = std::exchange(m_requests.beside, {});
            else if (m_requests.prepare)
                wanted.prepare = std::exchange(m_requests.prepare, {});
            else if (m_requests.index)
                wanted.index = std::exchange(m_requests.index, {});
        }
        if (wanted.open)
            open(*wanted.open);
        else if (!wanted.reads.empty())
            read(std::move(wanted.reads.begin()->second));
        else if (wanted.beside)
            m_mailbox.publish(readBeside(*wanted.beside));
        else if (wanted.prepare && isOpen(wanted.prepare->config.data))
            m_mailbox.publish(prepareForLooking(*m_dataset, *wanted.prepare));
        else if (wanted.index)
            beginIndex(*wanted.index);
        else if (wanted.empty() && m_indexing)
            continueIndex();
    }
}

bool DataDesk::isOpen(const DataConfig& data) const {
    return m_dataset && opensTheSame(data, m_openConfig);
}

bool DataDesk::superseded(Look look) const {
    const std::lock_guard lock(m_mutex);
    return m_closed || m_requests.open ||
           (!m_requests.reads.empty() && m_requests.reads.begin()->first <= look);
}

void DataDesk::open(const OpenData& request) {
    OpenedForLooking opened = openForLooking(request);
    {
        const std::lock_guard lock(m_mutex);
        if (m_closed || m_requests.open)
            return;
    }
    if (opened.dataset) {
        m_dataset = std::move(opened.dataset);
        m_openConfig = request.data;
        m_indexing.reset();
    }
    m_mailbox.publish(std::move(opened.event));
}

// A part at a time: what is left waits its turn again, unless a newer request has taken its place.
void DataDesk::read(ReadItems request) {
    if (!isOpen(request.data))
        return;
    ItemsRead part{request.data, request.look, {}};
    const Clock::time_point start = Clock::now();
    std::size_t done = 0;
    while (done < request.indices.size() && (done == 0 || Clock::now() - start < partTime) &&
           !superseded(request.look))
        part.items.push_back(readForLooking(*m_dataset, request, request.indices[done++]));
    if (!part.items.empty())
        m_mailbox.publish(std::move(part));
    request.indices.erase(request.indices.begin(),
                          request.indices.begin() + static_cast<std::ptrdiff_t>(done));
    const std::lock_guard lock(m_mutex);
    if (!request.indices.empty())
        m_requests.reads.try_emplace(request.look, std::move(request));
}

void DataDesk::beginIndex(const IndexItems& request) {
    m_indexing.reset();
    if (isOpen(request.data))
        m_indexing = Indexing{request.means, {request.data, {}, {}}};
}

// First all classes, which are told at once, then the means.
void DataDesk::continueIndex() {
    const Clock::time_point start = Clock::now();
    const auto inTime = [start] { return Clock::now() - start < partTime; };
    auto& [wantsMeans, answer] = *m_indexing;
    const auto count = static_cast<std::size_t>(m_dataset->size());
    if (answer.labels.size() < count) {
        const bool labelled = !m_dataset->facts().labels.empty();
        while (answer.labels.size() < count && inTime())
            answer.labels.push_back(labelled ? labelForLooking(*m_dataset, std::ssize(answer.labels)) : -1);
        if (answer.labels.size() == count)
            m_mailbox.publish(answer);
    } else {
        while (wantsMeans && answer.means.size() < count && inTime())
            answer.means.push_back(meanForLooking(*m_dataset, std::ssize(answer.means)));
        if (wantsMeans && answer.means.size() < count)
            return;
        if (wantsMeans)
            m_mailbox.publish(std::move(answer));
        m_indexing.reset();
    }
}

}  // namespace denoscope
