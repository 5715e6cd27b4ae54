// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ElidedBox.h"

#include <QHelpEvent>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <QToolTip>

namespace denoscope {

namespace {

constexpr int beyondText = 4;  // which the style leaves free

}  // namespace

ElidedBox::ElidedBox(QWidget* parent, Qt::TextElideMode mode) : QComboBox(parent), m_mode(mode) {}

QSize ElidedBox::sizeHint() const {
    return QComboBox::sizeHint() + QSize(beyondText, 0);
}

QString ElidedBox::shownText() const {
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const QRect room =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    return fontMetrics().elidedText(wholeText(), m_mode, room.width() - beyondText);
}

QString ElidedBox::shownTip() const {
    const QString whole = wholeText(), tip = toolTip();
    return shownText() == whole || tip.contains(whole) ? tip : tip.isEmpty() ? whole : whole + '\n' + tip;
}

bool ElidedBox::event(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QComboBox::event(event);
    QToolTip::showText(static_cast<QHelpEvent*>(event)->globalPos(), shownTip(), this);
    return true;
}

void ElidedBox::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    if (currentIndex() < 0)
        option.palette.setBrush(QPalette::ButtonText, option.palette.placeholderText());
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    option.currentText = shownText();
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

}  // namespace denoscope
