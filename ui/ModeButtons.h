// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QButtonGroup>
#include <QList>
#include <QString>
#include <utility>

class QHBoxLayout;

namespace denoscope {

// Buttons of which one is down, numbered from 0; the first one at first. Added to `row`, owned by `parent`.
QButtonGroup* addModeButtons(QHBoxLayout& row, const QList<std::pair<QString, QString>>& textsAndToolTips,
                             QWidget* parent);

}  // namespace denoscope
