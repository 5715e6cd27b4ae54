// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/DemoCard.h"

#include <QEvent>
#include <QHBoxLayout>

#include "ui/SvgIcon.h"
#include "ui/TextLabel.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr QSize pictureSize{84, 49};

}  // namespace

DemoCard::DemoCard(const QString& drawing, const QString& title, const QString& sentence, QWidget* parent)
    : QPushButton(parent), m_drawing(drawing), m_picture(new QLabel(this)) {
    setAccessibleName(title);
    setAccessibleDescription(sentence);
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(12, 8, 10, 8);
    row->setSpacing(12);
    m_picture->setFixedSize(pictureSize);
    row->addWidget(m_picture);
    auto* column = new QVBoxLayout;
    column->setSpacing(2);
    column->addStretch();
    column->addWidget(new TextLabel(TextLabel::Role::Title, title, this));
    column->addWidget(new TextLabel(TextLabel::Role::Muted, sentence, this));
    column->addStretch();
    row->addLayout(column, 1);
    for (QLabel* label : findChildren<QLabel*>())
        label->setAttribute(Qt::WA_TransparentForMouseEvents);
    redraw();
}

QSize DemoCard::sizeHint() const {
    return {layout()->minimumSize().width(), 4 * fontMetrics().lineSpacing() + 20};
}

void DemoCard::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && m_picture != nullptr)
        redraw();
    QPushButton::changeEvent(event);
}

void DemoCard::redraw() {
    m_picture->setPixmap(
        svgPixmap(m_drawing, pictureSize, themeColors(palette()).accent, devicePixelRatioF()));
}

}  // namespace denoscope
