// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>

#include "ui/PanelContext.h"

class QVBoxLayout;

namespace denoscope {

// What a person sees before any data: built-in sets to begin with, a place to drop files, what was open
// before.
class WelcomePage : public QWidget {
    Q_OBJECT

public:
    explicit WelcomePage(const PanelContext& context, QWidget* parent = nullptr);

    void refreshRecent();

private:
    void addRecent(const QString& title, const QStringList& entries,
                   const std::function<void(const QString&)>& open);

    PanelContext m_context;
    QVBoxLayout* m_recent = nullptr;
};

}  // namespace denoscope
