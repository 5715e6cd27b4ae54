// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <deque>
#include <mutex>
#include <optional>

#include "engine/api/Messages.h"

namespace denoscope {

// UI -> engine, in order. Any thread pushes, the engine thread pops.
class CommandQueue {
public:
    void push(Command command);
    void close();  // wakes the engine thread for good

    std::optional<Command> tryPop();
    std::optional<Command> waitPop();  // nothing only once closed

    bool empty() const;
    bool stopPending() const;  // a Stop is waiting, or the queue is closed: work in hand should end now
    bool closed() const;

private:
    std::optional<Command> popLocked();

    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<Command> m_commands;
    bool m_closed = false;
};

}  // namespace denoscope
