// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/session/Mailbox.h"

namespace denoscope {

// Opens data for looking at, on a thread of its own so that training goes on. The latest request wins: an
// answer to an older one is dropped. The destructor joins (after the file being read).
class DataDesk {
public:
    explicit DataDesk(Mailbox& mailbox);
    ~DataDesk();
    DataDesk(const DataDesk&) = delete;
    DataDesk& operator=(const DataDesk&) = delete;

    void open(OpenData request);

private:
    void work();
    bool superseded() const;

    Mailbox& m_mailbox;
    mutable std::mutex m_mutex;
    std::condition_variable m_changed;
    std::optional<OpenData> m_request;
    bool m_closed = false;
    std::thread m_thread;
};

}  // namespace denoscope
