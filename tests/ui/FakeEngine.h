// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <mutex>
#include <utility>
#include <vector>

#include "engine/api/EnginePort.h"

namespace denoscope {

// An engine without mathematics: remembers the commands and says what the test wants it to say, from any
// thread.
class FakeEngine : public EnginePort {
public:
    void post(Command command) override {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(std::move(command));
    }

    Drained drain() override {
        const std::lock_guard lock(m_mutex);
        ++m_drains;
        return std::exchange(m_published, {});
    }

    void setDoorbell(std::function<void()> doorbell) override {
        const std::lock_guard lock(m_mutex);
        m_doorbell = std::move(doorbell);
    }

    // ---- what the engine says
    void say(Event event) {
        const std::lock_guard lock(m_mutex);
        m_published.events.push_back(std::move(event));
        ring();
    }
    void enter(RunState state) { say(StateChanged{state}); }
    void measure(const std::vector<MetricRow>& rows) {
        const std::lock_guard lock(m_mutex);
        m_published.metrics.insert(m_published.metrics.end(), rows.begin(), rows.end());
        ring();
    }
    void preview(PreviewGrid grid) {
        const std::lock_guard lock(m_mutex);
        m_published.latest.preview = std::move(grid);
        ring();
    }
    void status(const TrainStatus& status) {
        const std::lock_guard lock(m_mutex);
        m_published.latest.status = status;
        ring();
    }

    // ---- what the window said
    template <typename Kind>
    std::vector<Kind> commands() const {
        const std::lock_guard lock(m_mutex);
        std::vector<Kind> found;
        for (const Command& command : m_commands)
            if (const auto* wanted = std::get_if<Kind>(&command))
                found.push_back(*wanted);
        return found;
    }
    bool hasDoorbell() const {
        const std::lock_guard lock(m_mutex);
        return static_cast<bool>(m_doorbell);
    }
    int drains() const {
        const std::lock_guard lock(m_mutex);
        return m_drains;
    }

private:
    void ring() {
        if (m_doorbell)
            m_doorbell();
    }

    mutable std::mutex m_mutex;
    std::vector<Command> m_commands;
    Drained m_published;
    std::function<void()> m_doorbell;
    int m_drains = 0;
};

}  // namespace denoscope
