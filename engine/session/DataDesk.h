// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "engine/data/Dataset.h"
#include "engine/session/Mailbox.h"

namespace denoscope {

// Opens data for looking at, keeps it open and reads from it, on a thread of its own so that training goes
// on. Opening comes first, then the item being looked at, thumbnails, what is held against it, preparing, and
// last the index of all items. The latest request of each kind wins: what an older one still wants is
// dropped. Data that could not be opened leaves the one before open. The destructor joins (after the file
// being read).
class DataDesk {
public:
    explicit DataDesk(Mailbox& mailbox);
    ~DataDesk();
    DataDesk(const DataDesk&) = delete;
    DataDesk& operator=(const DataDesk&) = delete;

    // Whether the command is one of the desk's; then it is moved from. Any thread.
    bool take(Command& command);

private:
    struct Requests {
        std::optional<OpenData> open;
        std::map<Look, ReadItems> reads;
        std::optional<ReadBeside> beside;
        std::optional<PrepareItem> prepare;
        std::optional<IndexItems> index;

        bool empty() const { return !open && reads.empty() && !beside && !prepare && !index; }
    };
    // Classes and means are gathered while nobody wants anything else.
    struct Indexing {
        bool means = false;
        ItemsIndexed answer;
    };

    void work();
    void open(const OpenData& request);
    void read(ReadItems request);
    void beginIndex(const IndexItems& request);
    void continueIndex();
    bool isOpen(const DataConfig& data) const;
    bool superseded(Look look) const;  // something more urgent, or newer, is waiting

    Mailbox& m_mailbox;
    // Of the desk's thread alone.
    DataConfig m_openConfig;
    std::shared_ptr<const Dataset> m_dataset;
    std::optional<Indexing> m_indexing;

    mutable std::mutex m_mutex;  // guards the two below
    Requests m_requests;
    bool m_closed = false;
    std::condition_variable m_changed;
    std::thread m_thread;  // last: it uses all of the above
};

}  // namespace denoscope
