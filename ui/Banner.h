// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QFrame>

#include "engine/api/Error.h"
#include "engine/api/Messages.h"

class QLabel;
class QToolButton;

namespace denoscope {

class TextLabel;

// One problem at the top of the window: what, where, what to do. The newest one stands, older ones are
// counted (all are in the log). Never takes the focus, never asks anything.
class Banner : public QFrame {
    Q_OBJECT

public:
    explicit Banner(QWidget* parent = nullptr);

    void present(LogLine::Level level, const Error& error);
    void dismiss();
    QString text() const;

Q_SIGNALS:
    void logAsked();

protected:
    void changeEvent(QEvent* event) override;

private:
    void restyle();

    LogLine::Level m_level = LogLine::Level::Info;
    int m_earlier = 0;
    bool m_restyling = false;
    QLabel* m_icon = nullptr;
    TextLabel* m_what = nullptr;
    TextLabel* m_details = nullptr;
    QToolButton* m_more = nullptr;
    QToolButton* m_close = nullptr;
};

}  // namespace denoscope
