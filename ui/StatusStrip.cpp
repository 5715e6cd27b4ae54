// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/StatusStrip.h"

#include <QStatusBar>

#include "ui/FactLines.h"
#include "ui/TextLabel.h"

namespace denoscope {

QString stateText(RunState state) {
    switch (state) {
        case RunState::Empty:
            return StatusStrip::tr("No run open");
        case RunState::Preparing:
            return StatusStrip::tr("Preparing…");
        case RunState::Ready:
            return StatusStrip::tr("Ready");
        case RunState::Training:
            return StatusStrip::tr("Training");
        case RunState::Paused:
            return StatusStrip::tr("Paused");
        case RunState::Sampling:
            return StatusStrip::tr("Sampling");
        case RunState::Stopping:
            return StatusStrip::tr("Stopping…");
    }
    return {};
}

StatusStrip::StatusStrip(RunModel& model, const QString& machine, QStatusBar* bar)
    : QObject(bar), m_model(model) {
    bar->setSizeGripEnabled(false);
    const auto add = [bar](TextLabel::Role role) {
        auto* label = new TextLabel(role, {}, bar);
        label->setWordWrap(false);
        label->setContentsMargins(8, 2, 8, 2);
        return label;
    };
    m_state = add(TextLabel::Role::Title);
    m_pace = add(TextLabel::Role::Body);
    m_memory = add(TextLabel::Role::Muted);
    auto* machineLabel = add(TextLabel::Role::Muted);
    machineLabel->setText(machine);
    bar->addWidget(m_state);
    bar->addWidget(m_pace, 1);
    bar->addPermanentWidget(m_memory);
    bar->addPermanentWidget(machineLabel);
    connect(&model, &RunModel::stateChanged, this, &StatusStrip::refresh);
    connect(&model, &RunModel::statusChanged, this, &StatusStrip::refresh);
    connect(&model, &RunModel::stepChanged, this, &StatusStrip::refresh);
    connect(&model, &RunModel::runChanged, this, &StatusStrip::refresh);
    refresh();
}

void StatusStrip::refresh() {
    m_state->setText(stateText(m_model.state()));
    QStringList pace;
    if (m_model.hasRun())
        pace << tr("step %1").arg(m_model.step());
    const auto& status = m_model.status();
    if (status && m_model.state() == RunState::Training) {
        const TrainingConfig& training = m_model.runConfig().training;
        if (status->itemsPerSecond > 0)
            pace << tr("%1 steps/s")
                        .arg(status->itemsPerSecond /
                                 static_cast<double>(training.batchSize * training.accumulation),
                             0, 'g', 3);
        if (status->secondsLeft >= 0)
            pace << tr("%1 left").arg(durationText(status->secondsLeft));
        pace << tr("previews %1 %").arg(100 * status->previewShare, 0, 'f', 1);
    }
    if (const auto& sampling = m_model.sampling(); sampling && sampling->total > 0)
        pace << tr("%1 % drawn").arg(100 * sampling->done / sampling->total);
    m_pace->setText(pace.join(QStringLiteral("   ·   ")));
    m_memory->setText(status && status->memoryBytes > 0 ? tr("memory %1").arg(byteText(status->memoryBytes))
                                                        : QString());
}

QString StatusStrip::text() const {
    return m_state->text() + "  " + m_pace->text() + "  " + m_memory->text();
}

}  // namespace denoscope
