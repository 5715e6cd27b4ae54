// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

#include "app/engine/EngineFunctions.h"

namespace denoscope {

// The engine in denoscope-engine.so, loaded by a thread of its own so that the window can be on the screen
// before it. Commands wait until it is there; where it cannot be loaded, each is answered with the reason.
// The environment must be what the math libraries need (engine/core/Startup.h).
class LateEngine final : public EnginePort {
public:
    // `file`: looked for on the program's run path unless it names a folder.
    explicit LateEngine(std::string file = engineFile);
    ~LateEngine() override;  // as that of a session: a run in training is saved

    // Begins to load; later calls do nothing. Best called when the window has been painted: while libraries
    // are being loaded, whoever needs another one waits, be it a plugin of Qt.
    void load();
    // Loads if need be and waits for it; throws EngineError where that failed. Not for the UI thread.
    const EngineFunctions& functions();

    void post(Command command) override;
    Drained drain() override;
    void setDoorbell(std::function<void()> doorbell) override;

private:
    void open();  // the loading thread
    void refuse(const Command& command);
    void answer(Event event);
    void loadLocked();

    const std::string m_file;
    std::mutex m_mutex;  // guards the rest
    std::condition_variable m_opened;
    std::thread m_loading;
    std::vector<Command> m_waiting;
    std::vector<Event> m_answers;  // where there is no engine to give them
    std::function<void()> m_doorbell;
    const EngineFunctions* m_functions = nullptr;
    std::optional<Error> m_failure;
    std::unique_ptr<EnginePort> m_port;
};

}  // namespace denoscope
