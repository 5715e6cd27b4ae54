// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>

#include "ui/RunModel.h"

class QLabel;
class QStatusBar;

namespace denoscope {

// The line at the bottom: state, step, pace, time left, share of the previews, memory, machine.
class StatusStrip : public QObject {
    Q_OBJECT

public:
    StatusStrip(RunModel& model, const QString& machine, QStatusBar* bar);

    QString text() const;

private:
    void refresh();

    RunModel& m_model;
    QLabel* m_state = nullptr;
    QLabel* m_pace = nullptr;
    QLabel* m_memory = nullptr;
};

// "Training", "Paused": for people.
QString stateText(RunState state);

}  // namespace denoscope
