// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace denoscope {

// A page that fills the width and scrolls up and down. It asks for the width that the page needs; sideways it
// scrolls only where words without end ask for more than a window can give, so that nothing is out of reach.
class PageScroll : public QScrollArea {
    Q_OBJECT

public:
    explicit PageScroll(QWidget* page, QWidget* parent = nullptr);

    QSize minimumSizeHint() const override;

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;
};

}  // namespace denoscope
