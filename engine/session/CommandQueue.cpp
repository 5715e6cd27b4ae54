// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/CommandQueue.h"

#include <algorithm>

namespace denoscope {

void CommandQueue::push(Command command) {
    {
        const std::lock_guard lock(m_mutex);
        m_commands.push_back(std::move(command));
    }
    m_changed.notify_one();
}

void CommandQueue::close() {
    {
        const std::lock_guard lock(m_mutex);
        m_closed = true;
    }
    m_changed.notify_one();
}

std::optional<Command> CommandQueue::popLocked() {
    if (m_closed || m_commands.empty())
        return std::nullopt;
    Command command = std::move(m_commands.front());
    m_commands.pop_front();
    return command;
}

std::optional<Command> CommandQueue::tryPop() {
    const std::lock_guard lock(m_mutex);
    return popLocked();
}

std::optional<Command> CommandQueue::waitPop() {
    std::unique_lock lock(m_mutex);
    m_changed.wait(lock, [this] { return m_closed || !m_commands.empty(); });
    return popLocked();
}

bool CommandQueue::empty() const {
    const std::lock_guard lock(m_mutex);
    return m_commands.empty() && !m_closed;
}

bool CommandQueue::stopPending() const {
    const std::lock_guard lock(m_mutex);
    return m_closed ||
           std::ranges::any_of(m_commands, [](const Command& c) { return std::holds_alternative<Stop>(c); });
}

bool CommandQueue::closed() const {
    const std::lock_guard lock(m_mutex);
    return m_closed;
}

}  // namespace denoscope
