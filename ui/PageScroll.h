// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QScrollArea>

namespace denoscope {

// A page that fills the width and scrolls up and down; sideways only in a dock that was made too narrow for
// it, so that nothing is out of reach.
class PageScroll : public QScrollArea {
    Q_OBJECT

public:
    explicit PageScroll(QWidget* page, QWidget* parent = nullptr);
};

}  // namespace denoscope
