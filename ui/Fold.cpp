// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Fold.h"

#include <QVBoxLayout>

namespace denoscope {

Fold::Fold(const QString& title, QWidget* content, Preferences& preferences, const QString& key,
           bool openAtFirst, QWidget* parent)
    : QWidget(parent), m_header(new QToolButton(this)), m_content(content) {
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
    column->addWidget(m_header);
    column->addWidget(content);
    connect(m_header, &QToolButton::clicked, this, [this] { setOpen(!m_open); });
    setOpen(preferences.value(key, openAtFirst).toBool());
    connect(this, &Fold::toggled, this, [&preferences, key](bool open) { preferences.setValue(key, open); });
}

void Fold::setOpen(bool open) {
    m_open = open;
    m_header->setArrowType(open ? Qt::DownArrow : Qt::RightArrow);
    m_header->setAccessibleDescription(open ? tr("open") : tr("closed"));
    m_content->setVisible(open);
    Q_EMIT toggled(open);
}

}  // namespace denoscope
