// SPDX-License-Identifier: GPL-3.0-or-later
// How a WaveformView draws itself.
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/AxisTicks.h"
#include "widgets/Painting.h"
#include "widgets/Theme.h"
#include "widgets/WaveformSummary.h"
#include "widgets/WaveformView.h"

namespace denoscope {

void WaveformView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), themeColors(palette()).surface);
    if (m_lanes.empty()) {
        paintPlaceholder(painter, viewport()->rect(), m_placeholder);
    } else {
        for (int lane = 0; lane < laneCount(); ++lane)
            if (laneRect(lane).intersects(plotRect()))
                paintLane(painter, lane);
        paintTimeAxis(painter);
        paintReadout(painter);
    }
    if (hasFocus())
        paintFocusFrame(painter, viewport()->rect());
}

void WaveformView::paintLane(QPainter& painter, int lane) const {
    const ThemeColors& colors = themeColors(palette());
    const Lane& shown = m_lanes[static_cast<std::size_t>(lane)];
    const QRectF area = laneRect(lane);
    painter.save();
    painter.setClipRect(QRect(0, plotRect().top(), viewport()->width(), plotRect().height()));
    paintValueAxis(painter, area);
    painter.setClipRect(area.toRect() & plotRect());
    const QColor color = seriesColor(palette(), lane);
    const double columns = area.width() * deviceRatio(painter);
    painter.setPen(color);
    painter.setBrush(color);
    if (m_visible.length() * shown.rate > 2 * columns)
        paintEnvelope(painter, shown, area);
    else
        paintSamples(painter, shown, area);
    if (!shown.name.isEmpty()) {
        const int room = static_cast<int>(area.width()) - 16;
        const QString name = fontMetrics().elidedText(shown.name, Qt::ElideRight, room);
        const QRectF label(area.left() + 4, area.top() + 2, fontMetrics().horizontalAdvance(name) + 8,
                           fontMetrics().height());
        QColor veil = colors.surface;
        veil.setAlphaF(0.8F);
        painter.fillRect(label, veil);
        painter.setPen(colors.text);
        painter.drawText(label, Qt::AlignCenter, name);
    }
    painter.restore();
}

// More samples than columns: each column of device pixels draws its true extremes, and reaches back to the
// sample before it, so that the curve has no holes.
void WaveformView::paintEnvelope(QPainter& painter, const Lane& lane, const QRectF& area) const {
    const double ratio = deviceRatio(painter);
    const int columns = static_cast<int>(area.width() * ratio);
    const auto sampleAt = [&](int column) {
        const double time = m_visible.begin + m_visible.length() * column / columns;
        return static_cast<std::int64_t>(std::floor(time * lane.rate));
    };
    QVector<QLineF> lines;
    QVector<QLineF> broken;  // columns with values that are not finite
    lines.reserve(columns);
    for (int column = 0; column < columns; ++column) {
        const MinMax extremes = lane.summary->over(sampleAt(column) - 1, sampleAt(column + 1));
        const double x = area.left() + (column + 0.5) / ratio;
        if (!extremes.empty) {
            const double top = yAt(area, extremes.max);
            const double bottom = yAt(area, extremes.min);
            lines.append({x, top, x, std::max(bottom, top + 1 / ratio)});
        }
        if (extremes.notFinite)
            broken.append({x, area.bottom() - 6, x, area.bottom()});
    }
    painter.setRenderHint(QPainter::Antialiasing, false);
    QPen pen(painter.pen().color(), 1 / ratio, Qt::SolidLine, Qt::FlatCap);
    painter.setPen(pen);
    painter.drawLines(lines);
    pen.setColor(themeColors(palette()).error);
    pen.setWidthF(2);
    painter.setPen(pen);
    painter.drawLines(broken);
}

// Single samples joined by lines; as dots, too, when there is room between them.
void WaveformView::paintSamples(QPainter& painter, const Lane& lane, const QRectF& area) const {
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(m_visible.begin * lane.rate) - 1);
    const auto last = std::min(lane.summary->length() - 1,
                               static_cast<std::int64_t>(std::ceil(m_visible.end * lane.rate)) + 1);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = painter.pen().color();
    const bool dots = area.width() / std::max(1e-9, m_visible.length() * lane.rate) >= 6;
    QPolygonF line;
    const auto flush = [&] {
        painter.setPen(QPen(color, 1.5));
        painter.drawPolyline(line);
        painter.setPen(Qt::NoPen);
        if (dots || line.size() == 1)
            for (const QPointF& point : line)
                painter.drawEllipse(point, 2.5, 2.5);
        line.clear();
    };
    for (std::int64_t i = first; i <= last; ++i) {
        const double value = static_cast<double>(lane.summary->sample(i));
        const double x = xAt(static_cast<double>(i) / lane.rate);
        if (std::isfinite(value)) {
            line.append({x, yAt(area, value)});
            continue;
        }
        flush();
        painter.fillRect(QRectF(x - 1, area.bottom() - 6, 2, 6), themeColors(palette()).error);
    }
    flush();
}

void WaveformView::paintValueAxis(QPainter& painter, const QRectF& area) const {
    const ThemeColors& colors = themeColors(palette());
    const int line = fontMetrics().height();
    const AxisTicks ticks = axisTicks(m_values.first, m_values.second,
                                      std::clamp(static_cast<int>(area.height()) / (2 * line), 2, 8));
    std::vector<double> values = ticks.values;  // where there is room for one number only, it is the zero
    std::sort(values.begin(), values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    std::vector<double> taken;
    for (const double value : values) {
        const double y = yAt(area, value);
        painter.setPen(value == 0 ? colors.border : colors.grid);
        painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y));
        const double top = std::clamp(y - line / 2.0, area.top(), area.bottom() - line);
        if (std::any_of(taken.begin(), taken.end(),
                        [&](double other) { return std::abs(other - top) < line; }))
            continue;
        taken.push_back(top);
        painter.setPen(colors.mutedText);
        painter.drawText(QRectF(0, top, area.left() - 5, line), Qt::AlignRight | Qt::AlignVCenter,
                         ticks.text(value));
    }
    painter.setPen(colors.border);
    painter.drawLine(area.topLeft(), area.bottomLeft());
}

void WaveformView::paintTimeAxis(QPainter& painter) const {
    const ThemeColors& colors = themeColors(palette());
    const QRect plot = plotRect();
    const QString unit = m_inSeconds ? tr("s") : tr("samples");
    const int unitWidth = fontMetrics().horizontalAdvance(unit) + 8;
    const int widest = fontMetrics().horizontalAdvance(QStringLiteral("00000.000"));
    const AxisTicks ticks =
        axisTicks(m_visible.begin, m_visible.end, std::max(2, plot.width() / std::max(1, widest + 16)));
    painter.setPen(colors.border);
    painter.drawLine(QPointF(plot.left(), plot.bottom() + 1), QPointF(plot.right(), plot.bottom() + 1));
    for (const double time : ticks.values) {
        const double x = xAt(time);
        painter.setPen(colors.border);
        painter.drawLine(QPointF(x, plot.bottom() + 1), QPointF(x, plot.bottom() + 5));
        const QString text = ticks.text(time);
        const double width = fontMetrics().horizontalAdvance(text) + 2;
        if (x + width / 2 > plot.right() - unitWidth)
            continue;
        painter.setPen(colors.mutedText);
        painter.drawText(QRectF(x - width / 2, plot.bottom() + 6, width, fontMetrics().height()),
                         Qt::AlignCenter, text);
    }
    painter.setPen(colors.mutedText);
    painter.drawText(QRect(plot.right() - unitWidth, plot.bottom() + 6, unitWidth, fontMetrics().height()),
                     Qt::AlignRight | Qt::AlignVCenter, unit);
}

void WaveformView::paintReadout(QPainter& painter) const {
    if (m_hoverLane < 0)
        return;
    const ThemeColors& colors = themeColors(palette());
    const Lane& lane = m_lanes[static_cast<std::size_t>(m_hoverLane)];
    const QRectF area = laneRect(m_hoverLane);
    const double x = xAt(static_cast<double>(m_hoverSample) / lane.rate);
    painter.setPen(QPen(colors.mutedText, 1, Qt::DotLine));
    painter.drawLine(QPointF(x, plotRect().top()), QPointF(x, plotRect().bottom()));
    const double value = static_cast<double>(lane.summary->sample(m_hoverSample));
    painter.setRenderHint(QPainter::Antialiasing);
    if (std::isfinite(value)) {
        painter.setPen(QPen(seriesColor(palette(), m_hoverLane), 2));
        painter.setBrush(colors.surface);
        painter.drawEllipse(QPointF(x, yAt(area, value)), 4, 4);
    }
    const QSizeF size(fontMetrics().horizontalAdvance(m_readout) + 12, fontMetrics().height() + 6);
    const QRectF label(
        QPointF(area.right() - size.width() - 4, std::max<double>(area.top(), plotRect().top()) + 2), size);
    painter.setPen(colors.border);
    painter.setBrush(colors.raised);
    painter.drawRect(label);
    painter.setPen(colors.text);
    painter.drawText(label, Qt::AlignCenter, m_readout);
}

}  // namespace denoscope
