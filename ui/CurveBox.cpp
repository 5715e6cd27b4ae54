// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/CurveBox.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QVBoxLayout>
#include <utility>

#include "ui/Preferences.h"
#include "ui/TextLabel.h"

namespace denoscope {

namespace {

constexpr double defaultSmoothing = 0.95;

double quantityOf(const MetricRow& row, int quantity) {
    switch (quantity) {
        case 1:
            return row.learningRate;
        case 2:
            return row.gradientNorm;
        case 3:
            return row.seconds > 0 ? 1 / row.seconds : 0;
        default:
            return row.loss;
    }
}

}  // namespace

CurveBox::CurveBox(RunModel& model, Preferences& preferences, QWidget* parent)
    : QWidget(parent), m_model(model) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    m_plot = new CurvePlot(this);
    m_plot->setPlaceholder(tr("The loss is drawn here while the network learns"));
    m_plot->setXLabel(tr("step"));
    m_plot->setAccessibleName(tr("Curve of the run"));
    m_quantity = new QComboBox(this);
    m_quantity->addItems({tr("Loss"), tr("Learning rate"), tr("Gradient norm"), tr("Steps per second")});
    m_quantity->setAccessibleName(tr("What the curve shows"));
    m_readout = new TextLabel(TextLabel::Role::Muted, {}, this);
    m_readout->setWordWrap(false);
    auto* row = new QHBoxLayout;
    row->addWidget(m_quantity);
    row->addWidget(m_readout, 1, Qt::AlignRight);
    column->addLayout(row);
    column->addWidget(m_plot, 1);
    m_plot->addSeries(m_quantity->currentText());
    rememberView(preferences);
    connect(m_plot, &CurvePlot::readoutChanged, this, [this](const QString& text) {
        m_pointed = text;
        showReadout();
    });
    connect(m_quantity, &QComboBox::currentIndexChanged, this, &CurveBox::replace);
    connect(&model, &RunModel::historyReplaced, this, &CurveBox::replace);
    connect(&model, &RunModel::metricsAdded, this, &CurveBox::append);
    replace();
}

void CurveBox::rememberView(Preferences& preferences) {
    m_plot->setLogX(preferences.value("curve/logX", false).toBool());
    m_plot->setLogY(preferences.value("curve/logY", true).toBool());
    m_plot->setSmoothing(preferences.value("curve/smoothing", defaultSmoothing).toDouble());
    connect(m_plot, &CurvePlot::logXChanged, this,
            [&preferences](bool on) { preferences.setValue("curve/logX", on); });
    connect(m_plot, &CurvePlot::logYChanged, this,
            [&preferences](bool on) { preferences.setValue("curve/logY", on); });
    connect(m_plot, &CurvePlot::smoothingChanged, this,
            [&preferences](double weight) { preferences.setValue("curve/smoothing", weight); });
}

void CurveBox::showQuantity(int index) {
    m_quantity->setCurrentIndex(index);
}

void CurveBox::replace() {
    m_plot->clear();
    m_plot->addSeries(m_quantity->currentText());
    m_points = 0;
    m_marks.clear();
    m_atOnce = 0;
    m_plot->setMarks({});
    append(m_model.history());
}

void CurveBox::append(const std::vector<MetricRow>& rows) {
    std::vector<double> steps, values;
    for (const MetricRow& row : rows) {
        markPieces(row);
        steps.push_back(static_cast<double>(row.step));
        values.push_back(quantityOf(row, m_quantity->currentIndex()));
    }
    m_plot->append(0, steps, values);
    m_points += static_cast<int>(rows.size());
    showReadout();
}

// Where batches began to be taken in smaller pieces: memory ran out, or the person asked for it.
void CurveBox::markPieces(const MetricRow& row) {
    if (row.microBatch == std::exchange(m_atOnce, row.microBatch))
        return;
    const QString text = row.microBatch > 0 ? tr("in pieces of %1").arg(row.microBatch) : tr("whole batches");
    m_marks.push_back({static_cast<double>(row.step), text});
    m_plot->setMarks(m_marks);
}

void CurveBox::showReadout() {
    const auto& history = m_model.history();
    if (!m_pointed.isEmpty() || history.empty())
        m_readout->setText(m_pointed);
    else
        m_readout->setText(
            tr("now %1").arg(quantityOf(history.back(), m_quantity->currentIndex()), 0, 'g', 3));
}

}  // namespace denoscope
