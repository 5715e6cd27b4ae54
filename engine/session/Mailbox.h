// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <functional>
#include <mutex>

#include "engine/api/Messages.h"

namespace denoscope {

// Engine -> UI. Published from any engine thread, drained by the thread that owns the port; no side waits for
// the other beyond copying a value. See EnginePort for the promises about the doorbell.
class Mailbox {
public:
    void publish(Event event);  // rings at once
    void publish(const MetricRow& row);
    void publish(PreviewGrid preview);
    void publish(const TrainStatus& status);
    void publish(const SampleProgress& progress);

    Drained drain();
    void setDoorbell(std::function<void()> doorbell);

private:
    enum class Urgency { AtOnce, Throttled };
    void ring(Urgency urgency);

    std::mutex m_mutex;  // guards m_waiting
    Drained m_waiting;
    std::mutex
        m_bellMutex;  // guards the rest; held while ringing, so that silencing waits for a ring under way
    std::function<void()> m_doorbell;
    std::chrono::steady_clock::time_point m_lastRing;
};

}  // namespace denoscope
