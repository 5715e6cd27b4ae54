// SPDX-License-Identifier: GPL-3.0-or-later
// What wheel, drag and keys do to the zoom and pan of a picture, for every view that has one. Follows the
// size of the view until the person zooms. No widget: tested without a window.
#pragma once

#include <QRectF>
#include <QSizeF>
#include <optional>

#include "widgets/ViewTransform.h"

class QKeyEvent;

namespace denoscope {

class ZoomPan {
public:
    // The picture's extents and where it is shown, both in logical pixels. Fits unless the person has zoomed.
    void setContent(QSizeF content);
    void setArea(const QRectF& area, double deviceRatio);

    const ViewTransform& view() const { return m_view; }
    double scale() const { return m_view.scale; }  // logical pixels per pixel of the picture

    // Whole device pixels per pixel where it is enlarged, so that all are of one size.
    void fit();
    void zoomAt(QPointF position, double factor);
    void zoomBy(double factor) { zoomAt(m_area.center(), factor); }
    void panBy(QPointF by);
    void turnWheel(QPointF position, int angle);  // QWheelEvent::angleDelta()
    bool press(const QKeyEvent& event);           // whether the key meant something: arrows, + - 0 1 Home

    void beginDrag(QPointF position) { m_dragFrom = position; }
    bool dragTo(QPointF position);  // whether it moved the picture
    void endDrag() { m_dragFrom.reset(); }

private:
    QSizeF m_content;
    QRectF m_area;
    double m_ratio = 1;
    ViewTransform m_view;
    bool m_fitted = true;
    std::optional<QPointF> m_dragFrom;
};

}  // namespace denoscope
