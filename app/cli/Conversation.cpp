// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Conversation.h"

#include <utility>

namespace denoscope {
namespace {

bool isWork(RunState state) {
    return state == RunState::Training || state == RunState::Sampling;
}

}  // namespace

Conversation::Conversation(EnginePort& port, Reporter& reporter) : m_port(port), m_reporter(reporter) {
    m_port.setDoorbell([this] {
        {
            const std::lock_guard lock(m_mutex);
            m_rung = true;
        }
        m_changed.notify_one();
    });
}

Conversation::~Conversation() {
    m_port.setDoorbell(nullptr);
}

void Conversation::stop() {
    {
        const std::lock_guard lock(m_mutex);
        m_stopAsked = true;
    }
    m_changed.notify_one();
}

bool Conversation::stopAsked() {
    const std::lock_guard lock(m_mutex);
    return m_stopAsked;
}

void Conversation::talk(Stoppable stoppable, const std::function<bool(Drained&)>& look) {
    while (true) {
        bool postStop = false;
        {
            std::unique_lock lock(m_mutex);
            const auto mustStop = [&] { return stoppable == Stoppable::Yes && m_stopAsked && !m_stopPosted; };
            m_changed.wait(lock, [&] { return m_rung || mustStop(); });
            m_rung = false;
            postStop = mustStop();
            m_stopPosted |= postStop;
        }
        if (postStop)
            m_port.post(Stop{});
        Drained drained = m_port.drain();
        m_reporter.show(drained);
        if (!m_reporter.heard())
            stop();
        if (look(drained))
            return;
    }
}

std::optional<RunOpened> Conversation::open(const std::string& runDirectory) {
    m_port.post(OpenRun{runDirectory});
    std::optional<RunOpened> opened;
    talk(Stoppable::No, [&](Drained& drained) {
        for (Event& event : drained.events) {
            if (auto* answer = std::get_if<RunOpened>(&event))
                opened = std::move(*answer);
            const auto* failed = std::get_if<Failed>(&event);
            if (opened || (failed && failed->command == CommandKind::OpenRun))
                return true;
        }
        return false;
    });
    return opened;
}

ExitCode Conversation::perform(Command command, std::vector<Item>* items,
                               std::vector<std::vector<Item>>* estimates) {
    if (stopAsked())
        return interrupted;
    const CommandKind kind = kindOf(command);
    m_port.post(std::move(command));
    bool worked = false;
    ExitCode result = succeeded;
    talk(Stoppable::Yes, [&](Drained& drained) {
        for (Event& event : drained.events) {
            if (const auto* changed = std::get_if<StateChanged>(&event))
                worked |= isWork(changed->state);
            else if (auto* ready = std::get_if<SamplesReady>(&event); ready && items)
                *items = std::move(ready->items);
            else if (auto* frame = std::get_if<DenoisingFrame>(&event); frame && estimates)
                estimates->push_back(std::move(frame->denoised));
            else if (const auto* failed = std::get_if<Failed>(&event); failed && failed->command == kind) {
                result = worked ? failedWorking : badInput;
                return true;
            } else if (const auto* finished = std::get_if<Finished>(&event);
                       finished && finished->command == kind) {
                result = finished->outcome == Outcome::Completed ? succeeded : interrupted;
                return true;
            }
        }
        return false;
    });
    return result;
}

}  // namespace denoscope
