// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ZoomPan.h"

#include <QKeyEvent>
#include <cmath>

namespace denoscope {

namespace {

constexpr double smallestZoom = 1.0 / 64;
constexpr double largestZoom = 128;
constexpr double border = 8;
constexpr double keyStep = 32;

}  // namespace

void ZoomPan::setContent(QSizeF content) {
    if (content == m_content)
        return;
    m_content = content;
    fit();
}

void ZoomPan::setArea(const QRectF& area, double deviceRatio) {
    m_area = area;
    m_ratio = deviceRatio;
    if (m_fitted)
        fit();
}

void ZoomPan::fit() {
    m_fitted = true;
    m_view = ViewTransform::fitting(m_content, m_area.adjusted(border, border, -border, -border));
    const double whole = std::floor(m_view.scale * m_ratio) / m_ratio;
    if (whole > 0)
        m_view = m_view.zoomedAt(m_area.center(), whole / m_view.scale, smallestZoom, largestZoom);
}

void ZoomPan::zoomAt(QPointF position, double factor) {
    if (m_content.isEmpty())
        return;
    m_fitted = false;
    m_view = m_view.zoomedAt(position, factor, smallestZoom, largestZoom);
}

void ZoomPan::panBy(QPointF by) {
    m_fitted = false;
    m_view = m_view.panned(by);
}

void ZoomPan::turnWheel(QPointF position, int angle) {
    zoomAt(position, std::exp2(angle / 240.0));
}

bool ZoomPan::dragTo(QPointF position) {
    if (!m_dragFrom || m_content.isEmpty())
        return false;
    panBy(position - *m_dragFrom);
    m_dragFrom = position;
    return true;
}

bool ZoomPan::press(const QKeyEvent& event) {
    switch (event.key()) {
        case Qt::Key_Left:
            panBy({keyStep, 0});
            return true;
        case Qt::Key_Right:
            panBy({-keyStep, 0});
            return true;
        case Qt::Key_Up:
            panBy({0, keyStep});
            return true;
        case Qt::Key_Down:
            panBy({0, -keyStep});
            return true;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoomBy(1.25);
            return true;
        case Qt::Key_Minus:
            zoomBy(0.8);
            return true;
        case Qt::Key_1:
            zoomBy(1 / m_ratio / m_view.scale);
            return true;
        case Qt::Key_Home:
        case Qt::Key_0:
            fit();
            return true;
        default:
            return false;
    }
}

}  // namespace denoscope
