// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QStackedWidget>

namespace denoscope {

// Pages that are no higher because a text on one of those that are hidden would wrap into many lines: each
// page sees for itself how it does with the height that there is.
class PageStack : public QStackedWidget {
public:
    using QStackedWidget::QStackedWidget;

    bool hasHeightForWidth() const override { return false; }
};

}  // namespace denoscope
