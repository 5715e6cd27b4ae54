// SPDX-License-Identifier: GPL-3.0-or-later
// The only thing the window knows of the engine; tests give it a fake one.
#pragma once

#include <functional>

#include "engine/api/Messages.h"

namespace denoscope {

class EnginePort {
public:
    virtual ~EnginePort() = default;

    // From any thread; returns at once. A command that the state does not allow is answered with Failed
    // (DataFailed for OpenData).
    virtual void post(Command command) = 0;

    // Takes all that was published since the last call. From the thread that owns the port.
    virtual Drained drain() = 0;

    // Rung from an engine thread when there is something to drain, at most 30 times a second and at once for
    // events. Must not block. After setDoorbell(nullptr) has returned, no call is under way or will come.
    virtual void setDoorbell(std::function<void()> doorbell) = 0;
};

}  // namespace denoscope
