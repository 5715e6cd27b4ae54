// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ModeButtons.h"

#include <QHBoxLayout>
#include <QToolButton>

namespace denoscope {

QButtonGroup* addModeButtons(QHBoxLayout& row, const QList<std::pair<QString, QString>>& textsAndToolTips,
                             QWidget* parent) {
    auto* group = new QButtonGroup(parent);
    for (const auto& [text, toolTip] : textsAndToolTips) {
        auto* button = new QToolButton(parent);
        button->setText(text);
        button->setToolTip(toolTip);
        button->setCheckable(true);
        button->setChecked(group->buttons().isEmpty());
        group->addButton(button, static_cast<int>(group->buttons().size()));
        row.addWidget(button);
    }
    return group;
}

}  // namespace denoscope
