// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ActionButton.h"

#include <QAction>

namespace denoscope {

ActionButton::ActionButton(QAction* action, bool primary, QWidget* parent)
    : QPushButton(parent), m_action(action) {
    setAutoDefault(false);
    setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    setProperty("primary", primary);
    connect(action, &QAction::changed, this, &ActionButton::follow);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    follow();
}

QSize ActionButton::sizeHint() const {
    // The primary one is drawn bold by the theme, which the plain hint does not know.
    return QPushButton::sizeHint() +
           QSize(property("primary").toBool() ? fontMetrics().averageCharWidth() * 3 : 0, 0) +
           QSize(icon().isNull() ? iconSpace() : 0, 0);
}

QSize ActionButton::minimumSizeHint() const {
    return sizeHint() - QSize(iconSpace(), 0);
}

// Icons have the colour of text, not that of text on the accent.
int ActionButton::iconSpace() const {
    constexpr int besideText = 4;
    return isDefault() || m_action->icon().isNull() ? 0 : iconSize().width() + besideText;
}

void ActionButton::refreshIcon() {
    const bool room = iconSpace() > 0 && width() >= sizeHint().width();
    if (room == icon().isNull())
        setIcon(room ? m_action->icon() : QIcon());
}

void ActionButton::resizeEvent(QResizeEvent* event) {
    QPushButton::resizeEvent(event);
    refreshIcon();
}

void ActionButton::follow() {
    setText(m_action->iconText());
    setAccessibleName(m_action->iconText());
    setToolTip(m_action->toolTip());
    setEnabled(m_action->isEnabled());
    setDefault(property("primary").toBool() && isEnabled());
    setIcon(QIcon());  // it may be another one
    refreshIcon();
}

}  // namespace denoscope
