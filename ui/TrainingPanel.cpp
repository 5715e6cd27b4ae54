// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/TrainingPanel.h"

#include <QFileInfo>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QSpinBox>
#include <QSplitter>
#include <QToolButton>
#include <algorithm>
#include <limits>

#include "ui/ActionButton.h"
#include "ui/Actions.h"
#include "ui/CurveBox.h"
#include "ui/FactLines.h"
#include "ui/Fold.h"
#include "ui/PageScroll.h"
#include "ui/SettingsForm.h"
#include "ui/TextLabel.h"

namespace denoscope {

TrainingPanel::TrainingPanel(const PanelContext& context, QWidget* parent)
    : QWidget(parent), m_context(context) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(12, 10, 12, 8);
    column->setSpacing(6);
    column->addLayout(buildButtons());
    m_obstacle = new TextLabel(TextLabel::Role::Problem, {}, this);
    column->addWidget(m_obstacle);
    m_runName = new TextLabel(TextLabel::Role::Muted, {}, this);
    column->addWidget(m_runName);
    m_progress = new QProgressBar(this);
    m_progress->setAccessibleName(tr("Progress of the training"));
    column->addWidget(m_progress);
    m_pace = new TextLabel(TextLabel::Role::Muted, {}, this);
    column->addWidget(m_pace);
    m_targetRow = new QWidget(this);
    m_targetRow->setLayout(buildTarget());
    column->addWidget(m_targetRow);
    m_difference = new TextLabel(TextLabel::Role::Muted, {}, this);
    column->addWidget(m_difference);

    auto* splitter = new QSplitter(Qt::Vertical, this);
    splitter->setChildrenCollapsible(false);
    m_curve = new CurveBox(context.model, context.preferences, splitter);
    splitter->addWidget(m_curve);
    auto* form = new QWidget;
    auto* formColumn = new QVBoxLayout(form);
    formColumn->setContentsMargins(0, 4, 4, 0);
    formColumn->addWidget(new Fold(tr("Training settings"),
                                   new SettingsForm(context.model, "training", {}, form), context.preferences,
                                   "training/settings", true, form));
    formColumn->addStretch();
    splitter->addWidget(new PageScroll(form, splitter));
    splitter->setStretchFactor(0, 3);
    splitter->setStretchFactor(1, 2);
    splitter->setSizes({300, 200});
    column->addWidget(splitter, 1);

    connect(&context.model, &RunModel::statusChanged, this, &TrainingPanel::refreshProgress);
    connect(&context.model, &RunModel::stepChanged, this, &TrainingPanel::refreshProgress);
    connect(&context.model, &RunModel::runChanged, this, &TrainingPanel::refreshRun);
    connect(&context.model, &RunModel::stateChanged, this, &TrainingPanel::refreshRun);
    connect(&context.model, &RunModel::configChanged, this, &TrainingPanel::refreshRun);
    connect(&context.model, &RunModel::assessed, this, &TrainingPanel::refreshObstacle);
    connect(&context.model, &RunModel::stateChanged, this, &TrainingPanel::refreshObstacle);
    connect(&context.controller, &RunController::targetChanged, this, [this] {
        m_target->setValue(
            static_cast<int>(std::min<std::int64_t>(m_context.controller.target(), m_target->maximum())));
    });
    refreshProgress();
    refreshRun();
    refreshObstacle();
}

QLayout* TrainingPanel::buildButtons() {
    auto* row = new QHBoxLayout;
    row->setSpacing(4);
    const Actions& actions = m_context.actions;
    row->addWidget(new ActionButton(actions.train, true, this), 1);
    for (QAction* action : {actions.pauseOrContinue, actions.stop, actions.save})
        row->addWidget(new ActionButton(action, false, this));
    return row;
}

QLayout* TrainingPanel::buildTarget() {
    auto* row = new QHBoxLayout;
    row->setContentsMargins(0, 0, 0, 0);
    auto* label = new QLabel(tr("Continue to step"), this);
    m_target = new QSpinBox(this);
    m_target->setRange(1, std::numeric_limits<int>::max());
    m_target->setSingleStep(100);
    m_target->setLocale(QLocale::c());
    m_target->setAccessibleName(label->text());
    label->setBuddy(m_target);
    row->addWidget(label);
    row->addWidget(m_target, 1);
    connect(m_target, &QSpinBox::valueChanged, this,
            [this](int step) { m_context.controller.setTarget(step); });
    return row;
}

void TrainingPanel::refreshProgress() {
    const RunModel& model = m_context.model;
    const auto& status = model.status();
    const std::int64_t steps = status ? status->steps : model.runConfig().training.steps;
    const std::int64_t step = std::max(model.step(), status ? status->step : 0);
    if (!m_targetRow->isHidden())
        m_target->setMinimum(
            static_cast<int>(std::min<std::int64_t>(model.step() + 1, std::numeric_limits<int>::max())));
    m_progress->setEnabled(model.hasRun());
    m_progress->setRange(0, 1000);
    m_progress->setValue(model.hasRun() && steps > 0
                             ? static_cast<int>(std::min<std::int64_t>(1000, 1000 * step / steps))
                             : 0);
    m_progress->setFormat(model.hasRun() ? tr("step %1 of %2").arg(step).arg(steps) : tr("No run yet"));
    QStringList pace;
    if (status && model.state() == RunState::Training) {
        pace << tr("%1 items/s").arg(status->itemsPerSecond, 0, 'f', status->itemsPerSecond < 10 ? 1 : 0);
        if (status->secondsLeft >= 0)
            pace << tr("%1 left").arg(durationText(status->secondsLeft));
        pace << tr("previews %1 %").arg(100 * status->previewShare, 0, 'f', 1);
    }
    m_pace->setText(pace.join(QStringLiteral("  ·  ")));
}

void TrainingPanel::refreshRun() {
    const RunModel& model = m_context.model;
    m_runName->setText(model.hasRun() ? tr("Run: %1").arg(QFileInfo(model.runDirectory()).fileName())
                                      : tr("New runs go to %1").arg(m_context.controller.runs().root()));
    m_runName->setToolTip(model.runDirectory());
    m_targetRow->setVisible(allows(model.state(), CommandKind::ContinueTraining));
    QStringList changed;
    if (model.hasRun() && model.config().data.source == model.runConfig().data.source)
        for (const SettingChange& change : difference(model.runConfig(), model.config()))
            if (const Setting* setting = findSetting(change.key);
                setting->applies == Applies::NewRun && setting->isRelevant(model.config()))
                changed << QString::fromStdString(setting->label).toLower();
    m_difference->setVisible(!changed.isEmpty());
    m_difference->setText(tr("Changed for the next new run: %1").arg(changed.join(", ")));
    refreshProgress();
}

void TrainingPanel::refreshObstacle() {
    const RunModel& model = m_context.model;
    const bool asked = model.facts() && allows(model.state(), CommandKind::StartTraining);
    const QString obstacle = asked ? model.obstacle(CommandKind::StartTraining) : QString();
    m_obstacle->setText(obstacle);
    m_obstacle->setVisible(!obstacle.isEmpty());
}

QString TrainingPanel::progressText() const {
    return m_progress->format();
}

}  // namespace denoscope
