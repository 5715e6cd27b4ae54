// SPDX-License-Identifier: GPL-3.0-or-later
// What comes with a doorbell, collected for tests to wait on.
#pragma once

#include <chrono>
#include <condition_variable>
#include <mutex>
#include <vector>

#include "engine/api/Messages.h"

namespace denoscope {

class Heard {
public:
    template <typename Message>
    std::vector<Message> all() const {
        std::vector<Message> found;
        for (const Event& event : events)
            if (const auto* message = std::get_if<Message>(&event))
                found.push_back(*message);
        return found;
    }

    std::vector<Event> events;

protected:
    // For the doorbell: from any thread.
    void ring() {
        {
            const std::lock_guard lock(m_mutex);
            m_rung = true;
        }
        m_changed.notify_one();
    }

    // Calls take() after every ring until `done` is true. False when nothing comes for two minutes.
    template <typename Take, typename Done>
    bool waitUntil(const Take& take, const Done& done) {
        while (true) {
            take();
            if (done())
                return true;
            std::unique_lock lock(m_mutex);
            if (!m_changed.wait_for(lock, std::chrono::minutes(2), [this] { return m_rung; }))
                return false;
            m_rung = false;
        }
    }

private:
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_rung = false;
};

}  // namespace denoscope
