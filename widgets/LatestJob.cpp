// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/LatestJob.h"

#include <QtDebug>
#include <exception>
#include <utility>

namespace denoscope {

LatestJob::LatestJob(QObject* owner) : m_owner(owner) {}

LatestJob::~LatestJob() {
    replace(nullptr);
}

void LatestJob::Reply::operator()(Answer answer) const {
    QMetaObject::invokeMethod(
        m_job->m_owner,
        [job = m_job, number = m_number, answer = std::move(answer)] {
            if (number == job->m_number)
                answer();
        },
        Qt::QueuedConnection);
}

void LatestJob::start(Work work) {
    ++m_number;
    replace(std::move(work));
    if (!m_thread.joinable())
        m_thread = std::jthread([this](const std::stop_token& ending) { serve(ending); });
}

void LatestJob::cancel() {
    m_answered = ++m_number;
    replace(nullptr);
}

void LatestJob::replace(Work work) {
    const std::lock_guard lock(m_mutex);
    m_waiting = std::move(work);
    m_waitingNumber = m_number;
    m_running.request_stop();
    m_wake.notify_one();
}

void LatestJob::serve(const std::stop_token& ending) {
    while (true) {
        Work work;
        Reply reply;
        std::stop_token stop;
        {
            std::unique_lock lock(m_mutex);
            if (!m_wake.wait(lock, ending, [this] { return static_cast<bool>(m_waiting); }))
                return;
            work = std::exchange(m_waiting, nullptr);
            reply.m_job = this;
            reply.m_number = m_waitingNumber;
            m_running = std::stop_source();
            stop = m_running.get_token();
        }
        try {
            work(stop, reply);
        } catch (const std::exception& problem) {  // short of memory: the view goes on with what it has
            qWarning("A view could not be computed: %s", problem.what());
        }
        reply([this, number = reply.m_number] { m_answered = number; });
    }
}

}  // namespace denoscope
