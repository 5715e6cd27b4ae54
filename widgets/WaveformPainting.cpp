// SPDX-License-Identifier: GPL-3.0-or-later
// How a WaveformView draws itself.
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/AxisTicks.h"
#include "widgets/Painting.h"
#include "widgets/Theme.h"
#include "widgets/WaveformView.h"

namespace denoscope {

void WaveformView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    painter.fillRect(viewport()->rect(), themeColors(palette()).surface);
    if (m_lanes.empty()) {
        paintPlaceholder(painter, viewport()->rect(), m_placeholder);
    } else {
        paintSelection(painter);
        if (m_layout == LaneLayout::Overlaid)
            paintOverlaid(painter);
        for (int lane = 0; m_layout == LaneLayout::Stacked && lane < laneCount(); ++lane)
            if (laneRect(lane).intersects(plotRect()))
                paintLane(painter, lane);
        paintTimeAxis(painter);
        paintCursor(painter);
        paintHovered(painter);
    }
    if (hasFocus())
        paintFocusFrame(painter, viewport()->rect());
}

// Colours tell channels apart; where lanes are stacked and a reference is behind them, they tell that apart.
QColor WaveformView::laneColor(int lane) const {
    return seriesColor(palette(), m_reference.empty() || m_layout == LaneLayout::Overlaid ? lane : 0);
}

QColor WaveformView::referenceColor() const {
    return m_layout == LaneLayout::Stacked ? seriesColor(palette(), 1) : themeColors(palette()).mutedText;
}

void WaveformView::paintLane(QPainter& painter, int lane) const {
    const auto index = static_cast<std::size_t>(lane);
    const Lane& shown = m_lanes[index];
    const QRectF area = laneRect(lane);
    painter.save();
    painter.setClipRect(QRect(0, plotRect().top(), viewport()->width(), plotRect().height()));
    paintValueAxis(painter, shown, area);
    painter.setClipRect(area.toRect() & plotRect());
    if (index < m_reference.size())
        paintCurve(painter, m_reference[index], area, referenceColor());
    paintCurve(painter, shown, area, laneColor(lane));
    QString name = shown.name;
    if (!shown.unit.isEmpty())
        name = name.isEmpty() ? shown.unit : QStringLiteral("%1 (%2)").arg(name, shown.unit);
    Entries entries;
    if (!name.isEmpty())
        entries.emplace_back(name, QColor());
    if (!m_reference.empty() && lane == 0) {
        const Entries sources = legend();
        entries.insert(entries.end(), sources.begin(), sources.end());
    }
    paintLabels(painter, area, entries);
    painter.restore();
}

void WaveformView::paintOverlaid(QPainter& painter) const {
    const QRectF area = plotRect();
    const auto axis = static_cast<std::size_t>(std::max(0, m_hoverLane));
    painter.save();
    paintValueAxis(painter, m_lanes[axis], area);
    painter.setClipRect(area);
    for (const Lane& lane : m_reference)
        paintCurve(painter, lane, area, referenceColor());
    for (int lane = laneCount() - 1; lane >= 0; --lane)
        paintCurve(painter, m_lanes[static_cast<std::size_t>(lane)], area, laneColor(lane));
    paintLabels(painter, area, legend());
    painter.restore();
}

// What the colours mean.
WaveformView::Entries WaveformView::legend() const {
    Entries entries;
    const auto withUnit = [](const Lane& lane) {
        return lane.unit.isEmpty() ? lane.name : QStringLiteral("%1 (%2)").arg(lane.name, lane.unit);
    };
    if (m_layout == LaneLayout::Overlaid)
        for (int lane = 0; lane < laneCount(); ++lane)
            entries.emplace_back(withUnit(m_lanes[static_cast<std::size_t>(lane)]), laneColor(lane));
    else
        entries.emplace_back(m_shownName, laneColor(0));
    if (!m_reference.empty())
        entries.emplace_back(m_referenceName, referenceColor());
    return entries;
}

// In a row from the left while there is room, each with a line in its colour.
void WaveformView::paintLabels(QPainter& painter, const QRectF& area, const Entries& entries) const {
    const ThemeColors& colors = themeColors(palette());
    const int line = fontMetrics().height();
    double left = area.left() + 4;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& [text, color] = entries[i];
        const double swatch = color.isValid() ? 20 : 0;
        const double room = area.right() - 8 - left - swatch;
        if (room < 3.0 * line)
            return;
        const QString shown = fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(room) - 8);
        const QRectF label(left, area.top() + 2, fontMetrics().horizontalAdvance(shown) + 8 + swatch, line);
        QColor veil = colors.surface;
        veil.setAlphaF(0.8F);
        painter.fillRect(label, veil);
        if (color.isValid())
            painter.fillRect(QRectF(label.left() + 4, label.center().y() - 1, swatch - 6, 3), color);
        painter.setPen(colors.text);
        painter.drawText(label.adjusted(swatch, 0, 0, 0), Qt::AlignCenter, shown);
        left = label.right() + 6;
    }
}

void WaveformView::paintCurve(QPainter& painter, const Lane& lane, const QRectF& area,
                              const QColor& color) const {
    painter.setPen(color);
    painter.setBrush(color);
    if (visibleRange().length() * lane.rate > area.width() * deviceRatio(painter))
        paintEnvelope(painter, lane, area);
    else
        paintSamples(painter, lane, area);
}

// More samples than columns: each column of device pixels draws its true extremes, and reaches back to the
// sample before it, so that the curve has no holes.
void WaveformView::paintEnvelope(QPainter& painter, const Lane& lane, const QRectF& area) const {
    const double ratio = deviceRatio(painter);
    const int columns = static_cast<int>(area.width() * ratio);
    const TimeRange visible = visibleRange();
    const auto firstOf = [&](int column) {
        const double time = visible.begin + visible.length() * column / columns;
        return static_cast<std::int64_t>(std::floor(time * lane.rate));
    };
    // Lines between two columns would fall on either, by the rounding.
    const double left = onDevicePixels(painter, area).left();
    QVector<QLineF> lines;
    QVector<QLineF> broken;  // columns with values that are not finite
    lines.reserve(columns);
    for (int column = 0; column < columns; ++column) {
        const MinMax extremes = lane.summary->over(firstOf(column) - 1, firstOf(column + 1));
        const double x = left + (column + 0.5) / ratio;
        if (!extremes.empty) {
            const double top = yAt(area, lane, static_cast<double>(extremes.max));
            const double bottom = yAt(area, lane, static_cast<double>(extremes.min));
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
    const TimeRange visible = visibleRange();
    const auto first = std::max<std::int64_t>(0, static_cast<std::int64_t>(visible.begin * lane.rate) - 1);
    const auto last = std::min(lane.summary->length() - 1,
                               static_cast<std::int64_t>(std::ceil(visible.end * lane.rate)) + 1);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = painter.pen().color();
    const double apart = area.width() / std::max(1e-9, visible.length() * lane.rate);
    QPolygonF line;
    const auto flush = [&] {
        // One by one and without round ends: the joins of steep lines in a wide pen cost most of a frame.
        QVector<QLineF> lines;
        lines.reserve(line.size());
        for (qsizetype i = 1; i < line.size(); ++i)
            lines.append({line[i - 1], line[i]});
        painter.setPen(QPen(color, apart >= 3 ? 1.5 : 1, Qt::SolidLine, Qt::SquareCap));
        painter.drawLines(lines);
        painter.setPen(Qt::NoPen);
        if (apart >= 6 || line.size() == 1)
            for (const QPointF& point : line)
                painter.drawEllipse(point, 2.5, 2.5);
        line.clear();
    };
    for (std::int64_t i = first; i <= last; ++i) {
        const double value = static_cast<double>(lane.summary->sample(i));
        const double x = xAt(static_cast<double>(i) / lane.rate);
        if (std::isfinite(value)) {
            line.append({x, yAt(area, lane, value)});
            continue;
        }
        flush();
        painter.fillRect(QRectF(x - 1, area.bottom() - 6, 2, 6), themeColors(palette()).error);
    }
    flush();
}

// Far outside the lane is as good as infinitely far, and painters stumble over numbers that large.
double WaveformView::yAt(const QRectF& area, const Lane& lane, double value) const {
    const double span = lane.values.second - lane.values.first;
    const double share = span > 0 ? (value - lane.values.first) / span : 0.5;  // a zoom into nothing
    return area.bottom() - std::clamp(share, -100.0, 100.0) * area.height();
}

void WaveformView::paintValueAxis(QPainter& painter, const Lane& lane, const QRectF& area) const {
    const ThemeColors& colors = themeColors(palette());
    const int line = fontMetrics().height();
    const AxisTicks ticks = axisTicks(lane.values.first, lane.values.second,
                                      std::clamp(static_cast<int>(area.height()) / (2 * line), 2, 8));
    std::vector<double> values = ticks.values;  // where there is room for one number only, it is the zero
    std::sort(values.begin(), values.end(), [](double a, double b) { return std::abs(a) < std::abs(b); });
    std::vector<double> taken;
    for (const double value : values) {
        const double y = yAt(area, lane, value);
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

void WaveformView::paintHovered(QPainter& painter) const {
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
        painter.setPen(QPen(laneColor(m_hoverLane), 2));
        painter.setBrush(colors.surface);
        painter.drawEllipse(QPointF(x, yAt(area, lane, value)), 4, 4);
    }
    paintReadout(painter, {area.right(), std::max<double>(area.top(), plotRect().top())});
}

}  // namespace denoscope
