// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/PlotItems.h"

#include <cmath>

namespace denoscope {

void NotFiniteMarks::draw(QCPPainter* painter) {
    const QCPAxis* axis = parentPlot()->xAxis;
    const double floor = parentPlot()->axisRect()->bottom();
    painter->setPen(Qt::NoPen);
    painter->setBrush(m_color);
    double lastDrawn = -1e9;
    for (const double x : m_x) {
        if (!axis->range().contains(x))
            continue;
        const double pixel = axis->coordToPixel(x);
        if (std::abs(pixel - lastDrawn) < 3)  // one triangle says as much as ten in one place
            continue;
        lastDrawn = pixel;
        painter->drawPolygon(QPolygonF{{pixel - 4, floor}, {pixel + 4, floor}, {pixel, floor - 7}});
    }
}

void EventMarks::draw(QCPPainter* painter) {
    constexpr double gap = 4;
    const QCPAxis* axis = parentPlot()->xAxis;
    const QRectF inside = parentPlot()->axisRect()->rect();
    const QFontMetricsF metrics(painter->font());
    painter->setPen(QPen(m_color, 1, Qt::DashLine));
    double free = inside.left();  // right of the words so far
    for (const CurveMark& mark : m_marks) {
        if (!axis->range().contains(mark.x))
            continue;
        const double width = metrics.horizontalAdvance(mark.text);
        const double pixel = std::round(axis->coordToPixel(mark.x));  // one sharp column
        painter->drawLine(QLineF(pixel, inside.top(), pixel, inside.bottom()));
        const double left = pixel + gap + width > inside.right() ? pixel - gap - width : pixel + gap;
        if (left < free)
            continue;
        painter->drawText(QPointF(left, inside.top() + gap + metrics.ascent()), mark.text);
        free = left + width + gap;
    }
}

void PlotSentence::draw(QCPPainter* painter) {
    constexpr int margin = 6;
    const QRect inside = parentPlot()->axisRect()->rect().adjusted(margin, margin, -margin, -margin);
    painter->setFont(parentPlot()->font());
    painter->setPen(m_color);
    painter->drawText(inside, Qt::AlignCenter | Qt::TextWordWrap, m_text);
}

}  // namespace denoscope
