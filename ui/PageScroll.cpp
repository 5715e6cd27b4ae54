// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/PageScroll.h"

#include <QEvent>
#include <QScrollBar>
#include <algorithm>

namespace denoscope {

namespace {

constexpr int widestAsked = 340;

}  // namespace

PageScroll::PageScroll(QWidget* page, QWidget* parent) : QScrollArea(parent) {
    setWidgetResizable(true);
    setFrameShape(QFrame::NoFrame);
    setWidget(page);  // whose events come to the filter
}

QSize PageScroll::minimumSizeHint() const {
    const int needed = widget()->minimumSizeHint().width() + verticalScrollBar()->sizeHint().width();
    return {std::min(needed, widestAsked), QScrollArea::minimumSizeHint().height()};
}

bool PageScroll::eventFilter(QObject* watched, QEvent* event) {
    if (watched == widget() && event->type() == QEvent::LayoutRequest)
        updateGeometry();
    return QScrollArea::eventFilter(watched, event);
}

}  // namespace denoscope
