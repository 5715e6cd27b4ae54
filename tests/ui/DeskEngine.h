// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/EnginePort.h"
#include "engine/session/DataDesk.h"

namespace denoscope {

// The engine as far as data is looked at: real files and real answers, and no run.
class DeskEngine : public EnginePort {
public:
    ~DeskEngine() override { m_mailbox.setDoorbell(nullptr); }

    void post(Command command) override { m_desk.take(command); }
    Drained drain() override { return m_mailbox.drain(); }
    void setDoorbell(std::function<void()> doorbell) override { m_mailbox.setDoorbell(std::move(doorbell)); }

private:
    Mailbox m_mailbox;
    DataDesk m_desk{m_mailbox};
};

}  // namespace denoscope
