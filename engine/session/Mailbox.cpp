// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/Mailbox.h"

#include <utility>

namespace denoscope {
namespace {

constexpr std::chrono::milliseconds betweenRings{33};

}  // namespace

void Mailbox::publish(Event event) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.events.push_back(std::move(event));
    }
    ring(Urgency::AtOnce);
}

void Mailbox::publish(const MetricRow& row) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.metrics.push_back(row);
    }
    ring(Urgency::Throttled);
}

void Mailbox::publish(PreviewGrid preview) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.latest.preview = std::move(preview);
    }
    ring(Urgency::AtOnce);
}

void Mailbox::publish(const TrainStatus& status) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.latest.status = status;
    }
    ring(Urgency::Throttled);
}

void Mailbox::publish(const SampleProgress& progress) {
    {
        const std::lock_guard lock(m_mutex);
        m_waiting.latest.sampling = progress;
    }
    ring(Urgency::Throttled);
}

Drained Mailbox::drain() {
    const std::lock_guard lock(m_mutex);
    return std::exchange(m_waiting, {});
}

void Mailbox::setDoorbell(std::function<void()> doorbell) {
    {
        const std::lock_guard lock(m_bellMutex);
        m_doorbell = std::move(doorbell);
    }
    ring(Urgency::AtOnce);  // for what was published before anybody listened
}

// A throttled value that does not ring is found by the next ring: every run of throttled values ends in an
// event.
void Mailbox::ring(Urgency urgency) {
    const std::lock_guard lock(m_bellMutex);
    const auto now = std::chrono::steady_clock::now();
    if (!m_doorbell || (urgency == Urgency::Throttled && now - m_lastRing < betweenRings))
        return;
    m_lastRing = now;
    m_doorbell();
}

}  // namespace denoscope
