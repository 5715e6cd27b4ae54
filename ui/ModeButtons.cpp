// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ModeButtons.h"

#include <QHBoxLayout>

#include "ui/ElasticButton.h"

namespace denoscope {

QButtonGroup* addModeButtons(QHBoxLayout& row, const QList<ModeText>& modes, QWidget* parent) {
    auto* group = new QButtonGroup(parent);
    for (const ModeText& mode : modes) {
        auto* button =
            new ElasticButton(mode.text, mode.shortText.isEmpty() ? mode.text : mode.shortText, parent);
        button->setToolTip(mode.toolTip);
        button->setCheckable(true);
        button->setChecked(group->buttons().isEmpty());
        group->addButton(button, static_cast<int>(group->buttons().size()));
        row.addWidget(button);
    }
    return group;
}

}  // namespace denoscope
