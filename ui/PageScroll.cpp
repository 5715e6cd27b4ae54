// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PageScroll.h"

namespace denoscope {

PageScroll::PageScroll(QWidget* page, QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setWidget(page);
}

}  // namespace denoscope
