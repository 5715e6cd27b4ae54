// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QComboBox>

namespace denoscope {

// A combo box in which no letter is lost without a word: text for which there is no room becomes dots, and
// the tool tip begins with all of it.
class ElidedBox : public QComboBox {
    Q_OBJECT

public:
    explicit ElidedBox(QWidget* parent = nullptr, Qt::TextElideMode mode = Qt::ElideRight);

    QString shownText() const;  // as much as there is room for
    QString shownTip() const;
    QSize sizeHint() const override;

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;

private:
    QString wholeText() const { return currentIndex() < 0 ? placeholderText() : currentText(); }

    Qt::TextElideMode m_mode;
};

}  // namespace denoscope
