// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/PartsBox.h"

#include <QAbstractItemView>
#include <algorithm>

namespace denoscope {

namespace {

constexpr int widestList = 640;

}  // namespace

PartsBox::PartsBox(QWidget* parent) : ElidedBox(parent, Qt::ElideMiddle) {
    setAccessibleName(tr("Part of the source"));
    setSizeAdjustPolicy(QComboBox::AdjustToContents);
    setMinimumContentsLength(16);
    setMinimumWidth(90);  // in narrow windows
}

void PartsBox::setFacts(const std::optional<DataFacts>& facts) {
    clear();
    if (facts && !facts->details.parts.empty()) {
        const SourceDetails& details = facts->details;
        // Several channels at once are a part that no entry names.
        if (std::ranges::none_of(details.parts,
                                 [&](const SourcePart& part) { return part.name == details.part; }))
            m_togetherIn = facts->source;
        if (m_togetherIn == facts->source)
            addItem(facts->kind == DataKind::Signal ? tr("All channels") : tr("All parts"), QString());
        for (const SourcePart& part : details.parts) {
            const QString name = QString::fromStdString(part.name);
            const QString description = QString::fromStdString(part.description);
            addItem(description.isEmpty() ? name : name + ": " + description, name);
            setItemData(count() - 1, itemText(count() - 1), Qt::ToolTipRole);
            if (part.name == details.part)
                setCurrentIndex(count() - 1);
        }
        view()->setMinimumWidth(std::clamp(view()->sizeHintForColumn(0) + 24, width(), widestList));
    }
    setToolTip(tr("The source holds several things; choose the one to look at and learn from. Now: %1")
                   .arg(currentText()));
    setVisible(count() > 1);
}

}  // namespace denoscope
