// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/PartsBox.h"

#include <QAbstractItemView>
#include <QStyleOptionComboBox>
#include <QStylePainter>
#include <algorithm>

namespace denoscope {

namespace {

constexpr int widestList = 640;
constexpr int beyondText = 4;

}  // namespace

PartsBox::PartsBox(QWidget* parent) : QComboBox(parent) {
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

QSize PartsBox::sizeHint() const {
    return QComboBox::sizeHint() + QSize(beyondText, 0);
}

QString PartsBox::shownText() const {
    QStyleOptionComboBox option;
    initStyleOption(&option);
    const QRect room =
        style()->subControlRect(QStyle::CC_ComboBox, &option, QStyle::SC_ComboBoxEditField, this);
    return fontMetrics().elidedText(currentText(), Qt::ElideMiddle, room.width() - beyondText);
}

void PartsBox::paintEvent(QPaintEvent*) {
    QStylePainter painter(this);
    QStyleOptionComboBox option;
    initStyleOption(&option);
    painter.drawComplexControl(QStyle::CC_ComboBox, option);
    option.currentText = shownText();
    painter.drawControl(QStyle::CE_ComboBoxLabel, option);
}

}  // namespace denoscope
