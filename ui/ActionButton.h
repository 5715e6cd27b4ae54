// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

class QAction;

namespace denoscope {

// A push button that does and shows what an action does and shows; the primary one of its panel stands out.
// Where there is little room it goes without its icon.
class ActionButton : public QPushButton {
    Q_OBJECT

public:
    ActionButton(QAction* action, bool primary, QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent* event) override;

private:
    void follow();
    void refreshIcon();
    int iconSpace() const;  // what its icon takes where it has one

    QAction* m_action;
};

}  // namespace denoscope
