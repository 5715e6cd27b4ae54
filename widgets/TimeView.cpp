// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/TimeView.h"

#include <QPainter>
#include <algorithm>
#include <array>
#include <cmath>

#include "widgets/Theme.h"

namespace denoscope {

TimeView::TimeView(QWidget* parent) : QAbstractScrollArea(parent) {
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    viewport()->setMouseTracking(true);
}

void TimeView::setTimes(TimeRange whole, bool inSeconds, double sampleRate) {
    if (whole.length() <= 0)
        whole.end = whole.begin + 1;
    const bool same = whole == m_whole && inSeconds == m_axis.inSeconds;
    m_whole = whole;
    m_axis.inSeconds = inSeconds;
    m_axis.sampleRate = sampleRate;
    if (!same) {
        setCursorTime(std::nullopt);
        setSelection(std::nullopt);
    }
    setVisibleRange(same ? m_visible : m_whole);
    updateReadout();
}

void TimeView::setVisibleRange(TimeRange range) {
    const TimeRange wanted = range.clampedTo(m_whole, shortestRange());
    const bool changed = wanted != m_visible;
    m_visible = wanted;
    viewport()->update();
    if (changed)
        Q_EMIT visibleRangeChanged();
}

void TimeView::setSelection(std::optional<TimeRange> range) {
    if (range) {
        range->begin = std::clamp(range->begin, m_whole.begin, m_whole.end);
        range->end = std::clamp(range->end, m_whole.begin, m_whole.end);
        if (!(range->length() > 0))
            range.reset();
    }
    if (range == m_selection)
        return;
    m_selection = range;
    viewport()->update();
    Q_EMIT selectionChanged();
}

void TimeView::setCursorTime(std::optional<double> time) {
    if (time)
        time = std::clamp(*time, m_whole.begin, m_whole.end);
    if (time == m_cursor)
        return;
    m_cursor = time;
    viewport()->update();
}

void TimeView::setTimeFormat(TimeFormat format) {
    m_axis.format = format;
    updateReadout();
}

void TimeView::setRightMargin(int pixels) {
    m_rightMargin = pixels;
    viewport()->update();
}

void TimeView::fitAll() {
    fitValues();
    setVisibleRange(m_whole);
}

void TimeView::zoomToSelection() {
    if (m_selection)
        setVisibleRange(*m_selection);
}

void TimeView::clearSelection() {
    setSelection(std::nullopt);
}

int TimeView::leftMargin() const {
    return fontMetrics().horizontalAdvance(QStringLiteral("-0.000")) + 10;
}

QRect TimeView::plotRect() const {
    return viewport()->rect().adjusted(leftMargin(), 4, -m_rightMargin, -fontMetrics().height() - 10);
}

double TimeView::timeAt(double x) const {
    const QRect plot = plotRect();
    return m_visible.begin + (x - plot.left()) / std::max(1, plot.width()) * m_visible.length();
}

double TimeView::xAt(double time) const {
    const QRect plot = plotRect();
    return plot.left() + (time - m_visible.begin) / m_visible.length() * plot.width();
}

void TimeView::updateReadout() {
    QString text;
    if (m_hover && plotRect().contains(m_hover->toPoint()))
        text = readoutAt(*m_hover);
    else
        leaveReadout();
    viewport()->update();
    if (text == m_readout)
        return;
    m_readout = text;
    Q_EMIT readoutChanged(text);
}

void TimeView::paintTimeAxis(QPainter& painter) const {
    const ThemeColors& colors = themeColors(palette());
    const QRect plot = plotRect();
    const int line = fontMetrics().height();
    const int widest = fontMetrics().horizontalAdvance(QStringLiteral("00000.000"));
    const TimeTicks ticks = m_axis.ticks(m_visible, std::max(2, plot.width() / std::max(1, widest + 16)));
    const int unitWidth = fontMetrics().horizontalAdvance(ticks.unit) + 8;
    painter.setPen(colors.border);
    painter.drawLine(QPointF(plot.left(), plot.bottom() + 1), QPointF(plot.right(), plot.bottom() + 1));
    double free = 0;  // left of here something is written already
    for (std::size_t i = 0; i < ticks.times.size(); ++i) {
        const double x = xAt(ticks.times[i]);
        painter.setPen(colors.border);
        painter.drawLine(QPointF(x, plot.bottom() + 1), QPointF(x, plot.bottom() + 5));
        const QString& text = ticks.texts[static_cast<qsizetype>(i)];
        const double width = fontMetrics().horizontalAdvance(text) + 2;
        if (x + width / 2 > plot.right() - unitWidth || x - width / 2 < free)
            continue;
        free = x + width / 2 + 6;
        painter.setPen(colors.mutedText);
        painter.drawText(QRectF(x - width / 2, plot.bottom() + 6, width, line), Qt::AlignCenter, text);
    }
    painter.setPen(colors.mutedText);
    painter.drawText(QRect(plot.right() - unitWidth, plot.bottom() + 6, unitWidth, line),
                     Qt::AlignRight | Qt::AlignVCenter, ticks.unit);
}

void TimeView::paintSelection(QPainter& painter) const {
    const QRectF plot = plotRect();
    if (!m_selection || m_selection->end < m_visible.begin || m_selection->begin > m_visible.end)
        return;
    const double left = std::max(xAt(m_selection->begin), plot.left());
    const double right = std::min(xAt(m_selection->end), plot.right() + 1);
    QColor color = themeColors(palette()).accent;
    painter.fillRect(QRectF(left, plot.bottom() + 1, std::max(1.0, right - left), 4), color);
    color.setAlphaF(0.18F);
    painter.fillRect(QRectF(left, plot.top(), std::max(1.0, right - left), plot.height()), color);
}

void TimeView::paintCursor(QPainter& painter) const {
    const QRectF plot = plotRect();
    const double x = m_cursor ? xAt(*m_cursor) : -1;
    if (x < plot.left() || x > plot.right() + 1)
        return;
    const QColor color = themeColors(palette()).accent;
    painter.setPen(QPen(color, 1));
    painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom() + 4));
    painter.setPen(Qt::NoPen);
    painter.setBrush(color);
    const std::array head{QPointF(x - 5, plot.top() - 4), QPointF(x + 5, plot.top() - 4),
                          QPointF(x, plot.top() + 4)};
    painter.drawPolygon(head.data(), static_cast<int>(head.size()));
}

void TimeView::paintReadout(QPainter& painter, QPointF topRight) const {
    if (m_readout.isEmpty())
        return;
    const ThemeColors& colors = themeColors(palette());
    const QSizeF size(fontMetrics().horizontalAdvance(m_readout) + 12, fontMetrics().height() + 6);
    const QRectF label(QPointF(topRight.x() - size.width() - 4, topRight.y() + 2), size);
    painter.setPen(colors.border);
    painter.setBrush(colors.raised);
    painter.drawRect(label);
    painter.setPen(colors.text);
    painter.drawText(label, Qt::AlignCenter, m_readout);
}

}  // namespace denoscope
