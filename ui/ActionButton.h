// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

class QAction;

namespace denoscope {

// A push button that does and shows what an action does and shows; the primary one of its panel stands out.
class ActionButton : public QPushButton {
    Q_OBJECT

public:
    ActionButton(QAction* action, bool primary, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

private:
    void follow();

    QAction* m_action;
};

}  // namespace denoscope
