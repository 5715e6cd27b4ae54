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

}  // namespace denoscope
