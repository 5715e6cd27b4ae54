// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <QTimer>
#include <atomic>

#include "engine/api/EnginePort.h"
#include "ui/LivePace.h"

namespace denoscope {

// The engine as the window sees it: commands go out, whole values come back as signals in the UI thread. Owns
// nothing of the engine; the port must outlive it. However often the engine rings, one drain is queued at a
// time. Events and previews are passed on at once, and before an event what came before it; metrics and other
// live values at a LivePace, and not at all while nobody watches.
class EngineClient : public QObject {
    Q_OBJECT

public:
    explicit EngineClient(EnginePort& port, QObject* parent = nullptr);
    ~EngineClient() override;  // silences the doorbell

    RunState state() const { return m_state; }
    bool canSend(CommandKind command) const { return allows(m_state, command); }
    void send(Command command);
    void setWatched(bool watched);  // whether anything of the window can be seen

Q_SIGNALS:
    void stateChanged(denoscope::RunState state);
    void dataOpened(const denoscope::DataOpened& opened);
    void dataFailed(const denoscope::DataFailed& failed);
    void runOpened(const denoscope::RunOpened& opened);
    void checkpointSaved(const denoscope::CheckpointSaved& saved);
    void frameArrived(const denoscope::DenoisingFrame& frame);
    void samplesReady(const denoscope::SamplesReady& samples);
    void finished(const denoscope::Finished& finished);
    void failed(const denoscope::Failed& failed);
    void logged(const denoscope::LogLine& line);
    void itemsRead(const denoscope::ItemsRead& read);
    void itemsIndexed(const denoscope::ItemsIndexed& indexed);
    void itemPrepared(const denoscope::ItemPrepared& prepared);
    void besideRead(const denoscope::BesideRead& read);
    void metricsArrived(const std::vector<denoscope::MetricRow>& rows);
    void previewArrived(const denoscope::PreviewGrid& preview);
    void statusArrived(const denoscope::TrainStatus& status);
    void samplingAdvanced(const denoscope::SampleProgress& progress);

private:
    void ring();  // any thread
    void drain();
    void hold(Drained& drained);
    void showWhenDue();
    void show();
    void publish(const Event& event);

    EnginePort& m_port;
    RunState m_state = RunState::Empty;
    std::atomic<bool> m_rung = false;
    Drained m_held;  // no events
    LivePace m_pace;
    QTimer m_due;
    bool m_watched = true;
};

}  // namespace denoscope
