// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ThemeChoice.h"

#include <QApplication>

#include "widgets/Theme.h"

namespace denoscope {

ThemeChoice::ThemeChoice(QApplication& application)
    : m_application(application), m_systemIsDark(themeKind(application.palette()) == ThemeKind::Dark) {}

void ThemeChoice::apply(const QString& theme) const {
    const bool dark = theme == "dark" || (theme != "light" && m_systemIsDark);
    applyTheme(m_application, dark ? ThemeKind::Dark : ThemeKind::Light);
}

}  // namespace denoscope
