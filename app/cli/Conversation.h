// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>

#include "app/cli/ExitCode.h"
#include "app/cli/Reporter.h"
#include "engine/api/EnginePort.h"

namespace denoscope {

// Talks with the engine from one thread: posts a command, shows what comes back, waits for the answer.
class Conversation {
public:
    Conversation(EnginePort& port, Reporter& reporter);
    ~Conversation();
    Conversation(const Conversation&) = delete;
    Conversation& operator=(const Conversation&) = delete;

    // From any thread: the work in hand is stopped in good order (a checkpoint is written).
    void stop();

    // Opens a run; nothing when that failed (which has then been reported).
    std::optional<RunOpened> open(const std::string& runDirectory);

    // Posts a command that ends in Finished or Failed and waits for that. A failure before any work was done
    // is the input's fault (2), one afterwards not (1). After stop() nothing is posted any more. `items`:
    // where the drawn items go; `estimates`: where the clean items of every step go, as the network saw them.
    ExitCode perform(Command command, std::vector<Item>* items = nullptr,
                     std::vector<std::vector<Item>>* estimates = nullptr);

private:
    enum class Stoppable { No, Yes };
    // Waits for the doorbell, shows what there is and gives it to `look` until that is satisfied.
    void talk(Stoppable stoppable, const std::function<bool(Drained&)>& look);
    bool stopAsked();

    EnginePort& m_port;
    Reporter& m_reporter;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    bool m_rung = false;
    bool m_stopAsked = false;
    bool m_stopPosted = false;
};

}  // namespace denoscope
