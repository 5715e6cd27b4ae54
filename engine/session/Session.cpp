// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/session/Session.h"

#include <thread>

#include "engine/session/CommandQueue.h"
#include "engine/session/DataDesk.h"
#include "engine/session/EngineThread.h"
#include "engine/session/Mailbox.h"

namespace denoscope {
namespace {

class Session final : public EnginePort {
public:
    Session() : m_desk(m_mailbox), m_thread([this] { EngineThread(m_commands, m_mailbox).run(); }) {}

    ~Session() override {
        m_commands.close();
        m_mailbox.setDoorbell(nullptr);
        m_thread.join();
    }

    void post(Command command) override {
        if (!m_desk.take(command))
            m_commands.push(std::move(command));
    }

    Drained drain() override { return m_mailbox.drain(); }
    void setDoorbell(std::function<void()> doorbell) override { m_mailbox.setDoorbell(std::move(doorbell)); }

private:
    Mailbox m_mailbox;
    CommandQueue m_commands;
    DataDesk m_desk;
    std::thread m_thread;
};

}  // namespace

std::unique_ptr<EnginePort> makeSession() {
    return std::make_unique<Session>();
}

}  // namespace denoscope
