// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ActionButton.h"

#include <QAction>

namespace denoscope {

ActionButton::ActionButton(QAction* action, bool primary, QWidget* parent)
    : QPushButton(parent), m_action(action) {
    setAutoDefault(false);
    setProperty("primary", primary);
    connect(action, &QAction::changed, this, &ActionButton::follow);
    connect(this, &QPushButton::clicked, action, &QAction::trigger);
    follow();
}

QSize ActionButton::sizeHint() const {
    // The primary one is drawn bold by the theme, which the plain hint does not know.
    return QPushButton::sizeHint() +
           QSize(property("primary").toBool() ? fontMetrics().averageCharWidth() * 3 : 0, 0);
}

void ActionButton::follow() {
    setText(m_action->iconText());
    setAccessibleName(m_action->iconText());
    setToolTip(m_action->toolTip());
    setEnabled(m_action->isEnabled());
    setDefault(property("primary").toBool() && isEnabled());
    setIcon(isDefault() ? QIcon()
                        : m_action->icon());  // icons have the colour of text, not that of text on the accent
}

}  // namespace denoscope
