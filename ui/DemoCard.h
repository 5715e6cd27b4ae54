// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPushButton>

class QLabel;

namespace denoscope {

// A large button with a drawing, a title and a sentence.
class DemoCard : public QPushButton {
    Q_OBJECT

public:
    DemoCard(const QString& drawing, const QString& title, const QString& sentence,
             QWidget* parent = nullptr);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void changeEvent(QEvent* event) override;

private:
    void redraw();

    QString m_drawing;
    QLabel* m_picture = nullptr;
};

}  // namespace denoscope
