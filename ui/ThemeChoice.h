// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

class QApplication;

namespace denoscope {

// "light", "dark", or "system": what the desktop had when the program started. Make one before any theme is
// applied.
class ThemeChoice {
public:
    explicit ThemeChoice(QApplication& application);

    void apply(const QString& theme) const;

private:
    QApplication& m_application;
    bool m_systemIsDark;
};

}  // namespace denoscope
