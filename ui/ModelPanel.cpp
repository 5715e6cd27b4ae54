// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ModelPanel.h"

#include <QHBoxLayout>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>

#include "ui/FactLines.h"
#include "ui/Fold.h"
#include "ui/PageScroll.h"
#include "ui/RunController.h"
#include "ui/RunModel.h"
#include "ui/SettingsForm.h"
#include "ui/TextLabel.h"

namespace denoscope {

ModelPanel::ModelPanel(const PanelContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* page = new QWidget;
    auto* column = new QVBoxLayout(page);
    column->setContentsMargins(12, 10, 12, 12);
    column->setSpacing(8);
    column->addWidget(buildPresets());
    column->addWidget(buildCost());
    column->addWidget(new Fold(tr("Network"), new SettingsForm(context.model, "model", {}, page),
                               context.preferences, "model/network", true, page));
    column->addWidget(new Fold(tr("Noise in training"), new SettingsForm(context.model, "noise", {}, page),
                               context.preferences, "model/noise", true, page));
    column->addStretch();
    outer->addWidget(new PageScroll(page, this));
    connect(&context.model, &RunModel::configChanged, this, &ModelPanel::refreshPresets);
    connect(&context.model, &RunModel::dataChanged, this, &ModelPanel::refreshPresets);
    connect(&context.model, &RunModel::stateChanged, this, &ModelPanel::refreshPresets);
    connect(&context.model, &RunModel::assessed, this, &ModelPanel::refreshCost);
    connect(&context.model, &RunModel::stateChanged, this, &ModelPanel::refreshCost);
    refreshPresets();
    refreshCost();
}

QWidget* ModelPanel::buildPresets() {
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    column->addWidget(new TextLabel(TextLabel::Role::Title, tr("Preset"), box));
    auto* row = new QHBoxLayout;
    m_byName = new QPushButton(box);
    m_byName->setObjectName("presets:named");
    m_byName->setCheckable(true);
    m_byName->setMenu(new QMenu(m_byName));
    m_byName->menu()->setToolTipsVisible(true);
    // The menu takes the pointer away without a word: the button would stay lit.
    connect(m_byName->menu(), &QMenu::aboutToHide, m_byName, [this] {
        m_byName->setAttribute(Qt::WA_UnderMouse, false);
        m_byName->update();
    });
    for (const Preset& preset : presets()) {
        if (preset.named)
            m_named.emplace_back(&preset, buildNamed(preset));
        else
            m_sizes.emplace_back(&preset, buildSize(preset, row));
    }
    column->addLayout(row);
    column->addWidget(m_byName);
    m_presetText = new TextLabel(TextLabel::Role::Muted, {}, box);
    column->addWidget(m_presetText);
    return box;
}

QPushButton* ModelPanel::buildSize(const Preset& preset, QHBoxLayout* row) {
    auto* button = new QPushButton(QString::fromStdString(preset.title), this);
    button->setObjectName("preset:" + QString::fromStdString(preset.key));
    button->setCheckable(true);
    button->setToolTip(QString::fromStdString(preset.description));
    row->addWidget(button, 1);
    connect(button, &QPushButton::clicked, this, [this, &preset] { choosePreset(preset); });
    return button;
}

QAction* ModelPanel::buildNamed(const Preset& preset) {
    QAction* action = m_byName->menu()->addAction(QString::fromStdString(preset.title));
    action->setObjectName("preset:" + QString::fromStdString(preset.key));
    action->setCheckable(true);
    action->setToolTip(QString::fromStdString(preset.description));
    connect(action, &QAction::triggered, this, [this, &preset] { choosePreset(preset); });
    return action;
}

QWidget* ModelPanel::buildCost() {
    auto* box = new QWidget(this);
    auto* column = new QVBoxLayout(box);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_cost = new TextLabel(TextLabel::Role::Body, {}, box);
    m_memory = new QProgressBar(box);
    m_memory->setAccessibleName(tr("Memory that training will need"));
    m_refusal = new TextLabel(TextLabel::Role::Problem, {}, box);
    column->addWidget(m_cost);
    column->addWidget(m_memory);
    column->addWidget(m_refusal);
    return box;
}

void ModelPanel::choosePreset(const Preset& preset) {
    m_context.controller.choosePreset(preset);
    refreshPresets();
}

bool ModelPanel::isChosen(const Preset& preset) const {
    const RunModel& model = m_context.model;
    if (!model.facts() || !preset.suits(*model.facts()))
        return false;
    RunConfig made = preset.make(*model.facts());
    if (made.noise.sigmaData == 0)  // automatic: a run that was started says what was measured
        made.noise.sigmaData = model.config().noise.sigmaData;
    return made.model == model.config().model && made.noise == model.config().noise &&
           made.training == model.config().training;
}

void ModelPanel::refreshPresets() {
    const RunModel& model = m_context.model;
    const bool free = model.facts() && allows(model.state(), CommandKind::StartTraining);
    QString text =
        model.facts() ? tr("Changed by hand") : tr("Choose data first: presets fit themselves to it.");
    QString name = tr("Networks by name");
    for (const auto& [preset, button] : m_sizes) {
        const bool chosen = isChosen(*preset);
        button->setChecked(chosen);
        button->setEnabled(free);
        if (chosen)
            text = QString::fromStdString(preset->description);
    }
    for (const auto& [preset, action] : m_named) {
        const bool chosen = isChosen(*preset);
        action->setVisible(model.facts() && preset->suits(*model.facts()));
        action->setChecked(chosen);
        if (!chosen)
            continue;
        text = QString::fromStdString(preset->description);
        name = action->text();
    }
    m_byName->setText(name + QStringLiteral(" ▾"));
    m_byName->setAccessibleName(name);
    m_byName->setChecked(name != tr("Networks by name"));
    m_byName->setEnabled(free);
    m_presetText->setText(text);
}

void ModelPanel::refreshCost() {
    const Cost& cost = m_context.model.cost();
    m_cost->setVisible(cost.forecast.has_value());
    m_memory->setVisible(cost.forecast && cost.forecast->availableBytes > 0);
    const RunModel& model = m_context.model;
    const bool asked = model.facts() && allows(model.state(), CommandKind::StartTraining);
    const QString obstacle = asked ? model.obstacle(CommandKind::StartTraining) : QString();
    m_refusal->setVisible(!obstacle.isEmpty());
    m_refusal->setText(obstacle);
    if (!cost.forecast)
        return;
    const Forecast& forecast = *cost.forecast;
    m_cost->setText(tr("%1 parameters, %2 per item; about %3 of memory to train, %4 to sample")
                        .arg(countText(forecast.parameters), macText(forecast.macs),
                             byteText(forecast.trainingBytes), byteText(forecast.samplingBytes)));
    m_cost->setToolTip(
        tr("%1 parameters\n%2 multiply-accumulates in one call of the network, for one item")
            .arg(exactText(static_cast<double>(forecast.parameters)), exactText(forecast.macs)));
    if (forecast.availableBytes <= 0)
        return;
    const double share =
        100.0 * static_cast<double>(forecast.trainingBytes) / static_cast<double>(forecast.availableBytes);
    m_memory->setValue(static_cast<int>(std::min(100.0, share)));
    m_memory->setFormat(
        tr("%1 of %2 available").arg(byteText(forecast.trainingBytes), byteText(forecast.availableBytes)));
}

QString ModelPanel::costText() const {
    return m_cost->text();
}

QString ModelPanel::exactCostText() const {
    return m_cost->toolTip();
}

QString ModelPanel::presetText() const {
    return m_presetText->text();
}

QString ModelPanel::obstacleText() const {
    return m_refusal->text();
}

}  // namespace denoscope
