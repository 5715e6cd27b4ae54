// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Fold.h"

#include <QVBoxLayout>

namespace denoscope {

Fold::Fold(const QString& title, QWidget* content, Preferences& preferences, const QString& key,
           bool openAtFirst, QWidget* parent)
    : QWidget(parent), m_header(new QToolButton(this)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(4);
    QFont bold = font();
    bold.setWeight(QFont::DemiBold);
    m_header->setFont(bold);
    m_header->setText(title);
    m_header->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_header->setIconSize({10, 10});
    m_header->setAutoRaise(true);
    m_header->setCheckable(true);
    m_header->setProperty("fold", true);
    column->addWidget(m_header);
    column->addWidget(content);
    const auto show = [this, content](bool open) {
        m_header->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
        content->setVisible(open);
    };
    connect(m_header, &QToolButton::toggled, this, [this, show, &preferences, key](bool open) {
        show(open);
        preferences.setValue(key, open);
        Q_EMIT toggled(open);
    });
    const bool open = preferences.value(key, openAtFirst).toBool();
    show(open);
    m_header->setChecked(open);
}

}  // namespace denoscope
