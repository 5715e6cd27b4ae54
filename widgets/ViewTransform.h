// SPDX-License-Identifier: GPL-3.0-or-later
// Zoom and pan of a picture as a value: view = content * scale + offset.
#pragma once

#include <QPointF>
#include <QRectF>
#include <QSizeF>

namespace denoscope {

struct ViewTransform {
    double scale = 1;
    QPointF offset;

    QPointF toView(QPointF content) const { return content * scale + offset; }
    QPointF toContent(QPointF view) const { return (view - offset) / scale; }
    QRectF toView(const QRectF& content) const { return {toView(content.topLeft()), content.size() * scale}; }

    ViewTransform zoomedAt(QPointF view, double factor, double smallest, double largest) const;
    ViewTransform panned(QPointF by) const { return {scale, offset + by}; }

    static ViewTransform fitting(QSizeF content, const QRectF& view);  // centred, aspect kept
};

}  // namespace denoscope
