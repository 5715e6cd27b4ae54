// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/LoopWatch.h"

#include <QAbstractEventDispatcher>
#include <QMetaEnum>
#include <QThread>
#include <algorithm>
#include <chrono>
#include <numeric>
#include <utility>

namespace denoscope {

namespace {

double steadyMilliseconds() {
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now().time_since_epoch())
        .count();
}

}  // namespace

LoopWatch::LoopWatch(Clock clock) : m_clock(std::move(clock)) {
    begin();
}

void LoopWatch::begin() {
    m_stretches.clear();
    m_deliveries.clear();
    m_begin = m_clock();
    m_start = -1;
    m_dearestTime = m_longest = m_worstTime = 0;
    m_worst = {};
}

void LoopWatch::enter(const char* receiver, QEvent::Type type) {
    const double now = m_clock();
    if (m_start < 0)
        m_start = now;
    m_deliveries.push_back({receiver, type, now});
}

void LoopWatch::leave() {
    if (m_deliveries.empty())
        return;  // it began before begin()
    const Delivery done = m_deliveries.back();
    m_deliveries.pop_back();
    const double whole = m_clock() - done.start;
    if (const double own = whole - done.within; own > m_dearestTime) {
        m_dearest = done;
        m_dearestTime = own;
    }
    if (!m_deliveries.empty())
        m_deliveries.back().within += whole;
}

void LoopWatch::sleeps() {
    if (m_start < 0)
        return;
    const double stretch = m_clock() - std::exchange(m_start, -1);
    m_stretches.push_back(stretch);
    if (stretch > m_longest) {
        m_longest = stretch;
        m_worst = m_dearest;
        m_worstTime = m_dearestTime;
    }
    m_dearestTime = 0;
}

LoopWatch::Summary LoopWatch::summary() const {
    Summary result;
    if (m_stretches.empty())
        return result;
    std::vector<double> sorted = m_stretches;
    std::ranges::sort(sorted);
    const auto longerThan = [&](double bound) {
        return static_cast<int>(sorted.end() - std::ranges::upper_bound(sorted, bound));
    };
    result.stretches = static_cast<int>(sorted.size());
    result.over16 = longerThan(16);
    result.over100 = longerThan(100);
    result.longest = sorted.back();
    result.percentile99 = sorted[(sorted.size() * 99 + 99) / 100 - 1];
    const double passed = m_clock() - m_begin;
    result.busyShare = passed > 0 ? std::accumulate(sorted.begin(), sorted.end(), 0.0) / passed : 0;
    result.worst = QStringLiteral("%1 to %2, %3 ms")
                       .arg(QMetaEnum::fromType<QEvent::Type>().valueToKey(m_worst.type),
                            m_worst.receiver != nullptr ? m_worst.receiver : "")
                       .arg(m_worstTime, 0, 'f', 1);
    return result;
}

WatchedApplication::WatchedApplication(int& argc, char** argv)
    : QApplication(argc, argv), m_watch(steadyMilliseconds) {
    connect(QAbstractEventDispatcher::instance(), &QAbstractEventDispatcher::aboutToBlock, this,
            [this] { m_watch.sleeps(); });
}

bool WatchedApplication::notify(QObject* receiver, QEvent* event) {
    if (QThread::currentThread() != thread())
        return QApplication::notify(receiver, event);
    m_watch.enter(receiver->metaObject()->className(), event->type());
    const bool handled = QApplication::notify(receiver, event);
    m_watch.leave();
    return handled;
}

}  // namespace denoscope
