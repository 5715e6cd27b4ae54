// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/TextLabel.h"

#include <QEvent>
#include <QStylePainter>

#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr qsizetype leastElided = 4;

}  // namespace

TextLabel::TextLabel(Role role, const QString& text, QWidget* parent) : QLabel(text, parent), m_role(role) {
    setWordWrap(role != Role::Title);
    setTextFormat(Qt::PlainText);
    if (role == Role::Title) {
        QFont bold = font();
        bold.setWeight(QFont::DemiBold);
        setFont(bold);
    }
    restyle();
}

void TextLabel::changeEvent(QEvent* event) {
    if (event->type() == QEvent::PaletteChange && !m_restyling)
        restyle();
    QLabel::changeEvent(event);
}

void TextLabel::setElided(Qt::TextElideMode mode) {
    m_elided = mode;
    setWordWrap(false);
    setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
}

void TextLabel::paintEvent(QPaintEvent* event) {
    if (m_elided == Qt::ElideNone)
        return QLabel::paintEvent(event);
    QStylePainter painter(this);
    const QRect room = contentsRect();
    const QString shown = fontMetrics().elidedText(text(), m_elided, room.width());
    if (shown == text() || shown.size() > leastElided)  // dots alone say nothing
        painter.drawItemText(room, static_cast<int>(alignment()), palette(), isEnabled(), shown,
                             QPalette::WindowText);
}

void TextLabel::restyle() {
    if (m_role == Role::Title || m_role == Role::Body)
        return;
    const ThemeColors& colors = themeColors(palette());
    QPalette own;
    own.setColor(QPalette::WindowText, m_role == Role::Muted ? colors.mutedText : colors.error);
    m_restyling = true;
    setPalette(own);
    m_restyling = false;
}

}  // namespace denoscope
