// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EngineClient.h"

#include <ctime>

#include <cmath>
#include <utility>

namespace denoscope {

namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

double read(clockid_t clock) {
    timespec now{};
    clock_gettime(clock, &now);
    return static_cast<double>(now.tv_sec) + 1e-9 * static_cast<double>(now.tv_nsec);
}

}  // namespace

EngineClient::EngineClient(EnginePort& port, QObject* parent) : QObject(parent), m_port(port) {
    m_due.setSingleShot(true);
    connect(&m_due, &QTimer::timeout, this, &EngineClient::showWhenDue);
    m_port.setDoorbell([this] { ring(); });
    ring();  // what was published before anyone listened
}

EngineClient::~EngineClient() {
    m_port.setDoorbell(nullptr);
}

void EngineClient::send(Command command) {
    m_port.post(std::move(command));
}

void EngineClient::ring() {
    if (!m_rung.exchange(true))
        QMetaObject::invokeMethod(this, &EngineClient::drain, Qt::QueuedConnection);
}

void EngineClient::drain() {
    m_rung = false;  // before draining: a ring from now on means something that this drain may miss
    Drained drained = m_port.drain();
    if (drained.events.empty() && !drained.latest.preview) {
        hold(drained);
        showWhenDue();
        return;
    }
    show();
    for (const Event& event : drained.events)
        publish(event);
    hold(drained);
    show();
}

void EngineClient::hold(Drained& drained) {
    m_held.metrics.insert(m_held.metrics.end(), drained.metrics.begin(), drained.metrics.end());
    if (drained.latest.preview)
        m_held.latest.preview = std::move(drained.latest.preview);
    if (drained.latest.status)
        m_held.latest.status = drained.latest.status;
    if (drained.latest.sampling)
        m_held.latest.sampling = drained.latest.sampling;
}

void EngineClient::showWhenDue() {
    if (!m_watched || m_due.isActive())
        return;
    const double wait = m_pace.wait(read(CLOCK_MONOTONIC), read(CLOCK_THREAD_CPUTIME_ID));
    if (wait > 0)
        m_due.start(static_cast<int>(std::ceil(1000 * wait)));
    else
        show();
}

void EngineClient::setWatched(bool watched) {
    m_watched = watched;
    if (watched)
        show();
}

void EngineClient::show() {
    const Drained held = std::exchange(m_held, {});
    if (held.metrics.empty() && !held.latest.preview && !held.latest.status && !held.latest.sampling)
        return;
    m_pace.shown(read(CLOCK_MONOTONIC), read(CLOCK_THREAD_CPUTIME_ID));
    if (!held.metrics.empty())
        Q_EMIT metricsArrived(held.metrics);
    if (held.latest.preview)
        Q_EMIT previewArrived(*held.latest.preview);
    if (held.latest.status)
        Q_EMIT statusArrived(*held.latest.status);
    if (held.latest.sampling)
        Q_EMIT samplingAdvanced(*held.latest.sampling);
}

void EngineClient::publish(const Event& event) {
    std::visit(Overloaded{[this](const StateChanged& change) {
                              m_state = change.state;
                              Q_EMIT stateChanged(m_state);
                          },
                          [this](const DataOpened& value) { Q_EMIT dataOpened(value); },
                          [this](const DataFailed& value) { Q_EMIT dataFailed(value); },
                          [this](const RunOpened& value) { Q_EMIT runOpened(value); },
                          [this](const CheckpointSaved& value) { Q_EMIT checkpointSaved(value); },
                          [this](const DenoisingFrame& value) { Q_EMIT frameArrived(value); },
                          [this](const SamplesReady& value) { Q_EMIT samplesReady(value); },
                          [this](const Finished& value) { Q_EMIT finished(value); },
                          [this](const Failed& value) { Q_EMIT failed(value); },
                          [this](const LogLine& value) { Q_EMIT logged(value); },
                          [this](const ItemsRead& value) { Q_EMIT itemsRead(value); },
                          [this](const ItemsIndexed& value) { Q_EMIT itemsIndexed(value); },
                          [this](const ItemPrepared& value) { Q_EMIT itemPrepared(value); },
                          [this](const BesideRead& value) { Q_EMIT besideRead(value); }},
               event);
}

}  // namespace denoscope
