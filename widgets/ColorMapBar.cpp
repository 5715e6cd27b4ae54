// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ColorMapBar.h"

#include <QPainter>
#include <cmath>

#include "widgets/AxisTicks.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr int barWidth = 12, gap = 4;

}  // namespace

ColorMapBar::ColorMapBar(QWidget* parent) : QWidget(parent) {
    setAccessibleName(tr("Colour bar"));
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Expanding);
}

void ColorMapBar::setMap(ColorMapKind map, const WindowLevel& window, const QString& unit,
                         const QString& title) {
    if (map == m_map && window == m_window && unit == m_unit && title == m_title)
        return;
    m_map = map;
    m_window = window;
    m_unit = unit;
    m_title = title;
    const QString colours = tr("%1 from %2 to %3 %4")
                                .arg(colorMapName(map))
                                .arg(window.low(), 0, 'g', 5)
                                .arg(window.high(), 0, 'g', 5)
                                .arg(unit)
                                .trimmed();
    setToolTip(title.isEmpty() ? colours : tr("%1: %2").arg(title, colours));
    setAccessibleDescription(toolTip());
    update();
}

QSize ColorMapBar::sizeHint() const {
    return {barWidth + 4 * gap + fontMetrics().horizontalAdvance(QStringLiteral("-1000.0")), 120};
}

QSize ColorMapBar::minimumSizeHint() const {
    return {sizeHint().width(), 40};
}

QString ColorMapBar::caption() const {
    return (m_title + QLatin1Char(' ') + m_unit).trimmed();
}

// As long with a caption as without, so that bars beside each other are level.
QRect ColorMapBar::barRect() const {
    const int line = fontMetrics().height();
    return rect()
        .adjusted(gap, line + line / 2 + 2, 0, -line / 2 - 2)  // half of the outermost numbers
        .intersected(QRect(gap, 0, barWidth, height()));
}

void ColorMapBar::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors& colors = themeColors(palette());
    painter.fillRect(rect(), colors.window);
    const QRect bar = barRect();
    if (bar.height() < 2)
        return;
    const ColorTable& table = colorTable(m_map);
    QImage gradient(1, 256, QImage::Format_RGB32);
    for (int i = 0; i < 256; ++i)
        gradient.setPixel(0, 255 - i, table[static_cast<std::size_t>(i)]);
    painter.drawImage(bar, gradient);
    painter.setPen(colors.border);
    painter.drawRect(bar.adjusted(0, 0, -1, -1));

    painter.setPen(colors.mutedText);
    painter.drawText(QRect(gap, 0, width() - gap, fontMetrics().height()), Qt::AlignLeft,
                     fontMetrics().elidedText(caption(), Qt::ElideRight, width() - gap));
    const AxisTicks ticks =
        axisTicks(m_window.low(), m_window.high(), std::max(2, bar.height() / (3 * fontMetrics().height())));
    for (const double value : ticks.values) {
        const double share = (value - m_window.low()) / m_window.width;
        const int y = bar.bottom() - static_cast<int>(std::lround(share * (bar.height() - 1)));
        painter.drawLine(bar.right() + 1, y, bar.right() + 3, y);
        const QRect place(bar.right() + 3 + 2 * gap, y - fontMetrics().height() / 2,
                          width() - bar.right() - 3 - 2 * gap, fontMetrics().height());
        painter.drawText(place, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextDontClip, ticks.text(value));
    }
}

}  // namespace denoscope
