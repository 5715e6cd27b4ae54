// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>
#include <optional>

#include "engine/session/ActiveRun.h"
#include "engine/session/CommandQueue.h"
#include "engine/session/Mailbox.h"
#include "engine/session/MemoryBound.h"
#include "engine/session/PreviewBudget.h"
#include "engine/session/RunLog.h"
#include "engine/session/Throughput.h"

namespace denoscope {

// The engine thread's life: commands in order, training steps in between. Owns the state machine and the open
// run.
class EngineThread {
public:
    EngineThread(CommandQueue& commands, Mailbox& mailbox)
        : m_commands(commands), m_mailbox(mailbox), m_log(mailbox) {}

    // Until the queue is closed; a run in training is saved before it returns.
    void run();

private:
    void handle(const Command& command);
    void perform(const StartTraining& request);
    void perform(const OpenRun& request);
    void perform(const ContinueTraining& request);
    void perform(const Pause&);
    void perform(const Stop&);
    void perform(const Sample& request);
    void perform(const SaveRun&);
    void perform(const ChangeLive& request);
    void perform(const OpenData&) {}  // this and the following are the data desk's
    void perform(const ReadItems&) {}
    void perform(const IndexItems&) {}
    void perform(const PrepareItem&) {}
    void perform(const ReadBeside&) {}

    void trainOnce();
    void pauseUnsaved();
    void afterStep(const MetricRow& row);
    void previewIfDue();
    bool drawPreview();
    void beginTraining(CommandKind job);
    void endTraining(Outcome outcome);
    void saveCheckpoint();
    void fail(CommandKind kind);  // inside a catch block: says what happened
    void failTraining();          // likewise, for the training in hand
    RunState stateAfterFailure(RunState before) const;
    void recover();               // after a failed step: back to the last checkpoint
    bool serviceWhileSampling();  // false once the request should end
    void setState(RunState state);
    void publishStatus();

    CommandQueue& m_commands;
    Mailbox& m_mailbox;
    RunLog m_log;
    RunState m_state = RunState::Empty;
    std::optional<CommandKind>
        m_job;  // what began (or last continued) the training in hand; none once it has ended
    std::unique_ptr<ActiveRun> m_run;
    std::optional<MemoryBound> m_memoryBound;  // while training is neither paused nor over
    PreviewBudget m_budget;
    Throughput m_throughput;
    std::int64_t m_sampleRequests = 0;
};

}  // namespace denoscope
