// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QToolButton>
#include <QWidget>

#include "ui/Preferences.h"

namespace denoscope {

// A titled part of a panel that opens and closes, and remembers it under its key.
class Fold : public QWidget {
    Q_OBJECT

public:
    Fold(const QString& title, QWidget* content, Preferences& preferences, const QString& key,
         bool openAtFirst, QWidget* parent = nullptr);

    bool isOpen() const { return m_open; }
    void setOpen(bool open);

Q_SIGNALS:
    void toggled(bool open);

private:
    QToolButton* m_header;
    QWidget* m_content;
    bool m_open = false;
};

}  // namespace denoscope
