// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DimensionLine.h"

#include <unistd.h>

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>

#include "ui/RunController.h"
#include "ui/RunModel.h"
#include "ui/TextLabel.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

std::int64_t machineMemory() {
    const long pages = sysconf(_SC_PHYS_PAGES), size = sysconf(_SC_PAGESIZE);
    return pages > 0 && size > 0 ? static_cast<std::int64_t>(pages) * size : 0;
}

}  // namespace

DimensionLine::DimensionLine(RunModel& model, RunController& controller, QWidget* parent)
    : QFrame(parent), m_model(model), m_controller(controller) {
    setObjectName("dimension");
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(10, 6, 8, 6);
    column->setSpacing(4);
    m_text = new TextLabel(TextLabel::Role::Body, {}, this);
    column->addWidget(m_text);
    m_buttons = new QHBoxLayout;
    m_buttons->setSpacing(6);
    column->addLayout(m_buttons);
    connect(&model, &RunModel::dataChanged, this, &DimensionLine::refresh);
    refresh();
}

QString DimensionLine::text() const {
    return m_text->text();
}

void DimensionLine::refresh() {
    setVisible(m_model.facts().has_value() && m_model.openedData().has_value());
    for (QPushButton* button : findChildren<QPushButton*>())
        button->setEnabled(!m_model.openingData());
    if (m_openings == m_model.openings() || isHidden())
        return;
    m_openings = m_model.openings();
    qDeleteAll(findChildren<QPushButton*>(Qt::FindDirectChildrenOnly));
    const TakeAs taken = m_model.openedData()->as;
    const DimensionAdvice advice = adviseDimension(*m_model.facts(), taken, machineMemory());
    m_calls = advice.best.as != taken;
    m_text->setText((m_calls ? tr("Better learned in %1D. %2") : tr("Learned in %1D. %2"))
                        .arg(advice.best.dimensions)
                        .arg(QString::fromStdString(advice.best.reason)));
    if (m_calls)
        addButton(advice.best, true);
    for (const DimensionAdvice::Way& way : advice.others)
        if (way.as != taken)
            addButton(way, false);
    restyle();
}

void DimensionLine::addButton(const DimensionAdvice::Way& way, bool advised) {
    auto* button = new QPushButton(way.as == TakeAs::Slices ? tr("Learn axial slices (2D)")
                                                            : tr("Learn volumes (%1D)").arg(way.dimensions),
                                   this);
    button->setToolTip(QString::fromStdString(way.reason));
    button->setDefault(advised);  // stands out
    m_buttons->addWidget(button);
    // Deleted by what it sets off, so not while it is clicked.
    connect(
        button, &QPushButton::clicked, this, [this, as = way.as] { m_controller.takeAs(as); },
        Qt::QueuedConnection);
}

void DimensionLine::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !m_restyling)
        restyle();
    QFrame::changeEvent(event);
}

void DimensionLine::restyle() {
    const ThemeColors& colors = themeColors(palette());
    QColor tint = m_calls ? colors.warning : colors.accent;
    m_restyling = true;
    setStyleSheet(QStringLiteral("#dimension { background: rgba(%1, %2, %3, 26); border: none; "
                                 "border-left: 3px solid %4; }")
                      .arg(tint.red())
                      .arg(tint.green())
                      .arg(tint.blue())
                      .arg(tint.name()));
    m_restyling = false;
}

}  // namespace denoscope
