// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ElasticButton.h"

namespace denoscope {

ElasticButton::ElasticButton(const QString& text, const QString& shortText, QWidget* parent)
    : QToolButton(parent), m_text(text), m_shortText(shortText) {
    setText(text);
    setAccessibleName(text);
    setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Fixed);
}

QSize ElasticButton::sizeWith(const QString& text) const {
    const QSize now = QToolButton::sizeHint();
    if (toolButtonStyle() == Qt::ToolButtonIconOnly && !icon().isNull())
        return now;  // without an icon that style shows the text
    return now +
           QSize(fontMetrics().horizontalAdvance(text) - fontMetrics().horizontalAdvance(this->text()), 0);
}

void ElasticButton::resizeEvent(QResizeEvent* event) {
    QToolButton::resizeEvent(event);
    setText(width() >= sizeHint().width() ? m_text : m_shortText);
}

}  // namespace denoscope
