// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ModelPanel.h"

#include <QButtonGroup>
#include <QHBoxLayout>
#include <QProgressBar>
#include <QPushButton>
#include <QScrollArea>

#include "ui/FactLines.h"
#include "ui/Fold.h"
#include "ui/RunController.h"
#include "ui/RunModel.h"
#include "ui/SettingsForm.h"
#include "ui/TextLabel.h"

namespace denoscope {

ModelPanel::ModelPanel(const PanelContext& context, QWidget* parent) : QWidget(parent), m_context(context) {
    auto* outer = new QVBoxLayout(this);
    outer->setContentsMargins(0, 0, 0, 0);
    auto* scroll = new QScrollArea(this);
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    outer->addWidget(scroll);
    auto* page = new QWidget(scroll);
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
    scroll->setWidget(page);
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
    m_presets = new QButtonGroup(this);
    m_presets->setExclusive(false);  // none is checked once a setting was changed by hand
    int index = 0;
    for (const Preset& preset : presets()) {
        auto* button = new QPushButton(QString::fromStdString(preset.title), box);
        button->setObjectName("preset:" + QString::fromStdString(preset.key));
        button->setCheckable(true);
        button->setToolTip(QString::fromStdString(preset.description));
        m_presets->addButton(button, index++);
        row->addWidget(button, 1);
        connect(button, &QPushButton::clicked, this, [this, key = preset.key] { choosePreset(key); });
    }
    column->addLayout(row);
    m_presetText = new TextLabel(TextLabel::Role::Muted, {}, box);
    column->addWidget(m_presetText);
    return box;
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

void ModelPanel::choosePreset(const std::string& key) {
    for (const Preset& preset : presets())
        if (preset.key == key)
            m_context.controller.choosePreset(preset);
    refreshPresets();
}

void ModelPanel::refreshPresets() {
    const RunModel& model = m_context.model;
    const bool free = model.facts() && allows(model.state(), CommandKind::StartTraining);
    QString text =
        model.facts() ? tr("Changed by hand") : tr("Choose data first: presets fit themselves to it.");
    for (std::size_t i = 0; i < presets().size(); ++i) {
        const Preset& preset = presets()[i];
        bool same = false;
        if (model.facts()) {
            RunConfig made = preset.make(*model.facts());
            if (made.noise.sigmaData == 0)  // automatic: a run that was started says what was measured
                made.noise.sigmaData = model.config().noise.sigmaData;
            same = made.model == model.config().model && made.noise == model.config().noise &&
                   made.training == model.config().training;
        }
        QAbstractButton* button = m_presets->button(static_cast<int>(i));
        button->setChecked(same);
        button->setEnabled(free);
        if (same)
            text = QString::fromStdString(preset.description);
    }
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
    m_cost->setText(tr("%1 parameters, about %2 of memory to train, %3 to sample")
                        .arg(countText(forecast.parameters), byteText(forecast.trainingBytes),
                             byteText(forecast.samplingBytes)));
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

QString ModelPanel::presetText() const {
    return m_presetText->text();
}

QString ModelPanel::obstacleText() const {
    return m_refusal->text();
}

}  // namespace denoscope
