// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <thread>

namespace denoscope {

// While this lives, the first SIGINT or SIGTERM calls `stop` (on a thread of its own) and the second ends the
// process at once with 130. At most one at a time: signals belong to the whole process.
class Interrupts {
public:
    explicit Interrupts(std::function<void()> stop);
    ~Interrupts();
    Interrupts(const Interrupts&) = delete;
    Interrupts& operator=(const Interrupts&) = delete;

private:
    std::function<void()> m_stop;
    int m_readEnd = -1, m_writeEnd = -1;
    std::thread m_watcher;
};

}  // namespace denoscope
