// SPDX-License-Identifier: GPL-3.0-or-later
// Work for a view outside the UI thread, of which only the newest request matters: a new job stops the one
// that runs and takes the place of one that waits. One thread per object, started with the first job and
// joined in the destructor, which waits until the running job has looked at its stop token.
#pragma once

#include <QObject>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <stop_token>
#include <thread>

namespace denoscope {

class LatestJob {
public:
    // What a job hands to the UI thread; never called once a newer job was started or cancel() was called.
    using Answer = std::function<void()>;
    class Reply {
    public:
        void operator()(Answer answer) const;  // from the job's thread; any number of times

    private:
        friend class LatestJob;
        LatestJob* m_job = nullptr;
        std::uint64_t m_number = 0;
    };
    // Runs in the job's thread and looks at the token often. What it throws is written to the log.
    using Work = std::function<void(const std::stop_token&, const Reply&)>;

    explicit LatestJob(QObject* owner);  // in whose thread the answers are called; must own this object
    ~LatestJob();
    LatestJob(const LatestJob&) = delete;
    LatestJob& operator=(const LatestJob&) = delete;

    void start(Work work);
    void cancel();                                          // UI thread
    bool isBusy() const { return m_answered != m_number; }  // until the last job's end was told; UI thread

private:
    void serve(const std::stop_token& ending);
    void replace(Work work);

    QObject* m_owner;
    std::uint64_t m_number = 0;    // of the newest job; UI thread only
    std::uint64_t m_answered = 0;  // the newest job that has ended; UI thread only
    std::mutex m_mutex;
    std::condition_variable_any m_wake;
    Work m_waiting;
    std::uint64_t m_waitingNumber = 0;
    std::stop_source m_running{std::nostopstate};
    std::jthread m_thread;  // last: joined before the rest goes
};

}  // namespace denoscope
