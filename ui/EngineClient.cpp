// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/EngineClient.h"

namespace denoscope {

namespace {

template <typename... Cases>
struct Overloaded : Cases... {
    using Cases::operator()...;
};

}  // namespace

EngineClient::EngineClient(EnginePort& port, QObject* parent) : QObject(parent), m_port(port) {
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
    const Drained drained = m_port.drain();
    for (const Event& event : drained.events)
        publish(event);
    if (!drained.metrics.empty())
        Q_EMIT metricsArrived(drained.metrics);
    if (drained.latest.preview)
        Q_EMIT previewArrived(*drained.latest.preview);
    if (drained.latest.status)
        Q_EMIT statusArrived(*drained.latest.status);
    if (drained.latest.sampling)
        Q_EMIT samplingAdvanced(*drained.latest.sampling);
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
