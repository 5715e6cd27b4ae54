// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QList>
#include <QString>

class QHBoxLayout;

namespace denoscope {

struct ModeText {
    QString text, toolTip;
    QString shortText = {};  // where there is little room; empty: the same
};

// Buttons of which one is down, numbered from 0; the first one at first. Added to `row`, owned by `parent`.
QButtonGroup* addModeButtons(QHBoxLayout& row, const QList<ModeText>& modes, QWidget* parent);

}  // namespace denoscope
