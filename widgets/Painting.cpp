// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/Painting.h"

#include <cmath>

#include "widgets/Theme.h"

namespace denoscope {

namespace {

QPalette paletteOf(const QPainter& painter) {
    const auto* widget = dynamic_cast<const QWidget*>(painter.device());
    return widget ? widget->palette() : QPalette();
}

}  // namespace

void paintPlaceholder(QPainter& painter, const QRect& area, const QString& sentence) {
    painter.setPen(themeColors(paletteOf(painter)).mutedText);
    painter.drawText(area.adjusted(16, 8, -16, -8), Qt::AlignCenter | Qt::TextWordWrap, sentence);
}

void paintFocusFrame(QPainter& painter, const QRectF& area) {
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing, false);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(
        QPen(themeColors(paletteOf(painter)).accent, 2, Qt::SolidLine, Qt::SquareCap, Qt::MiterJoin));
    painter.drawRect(area.adjusted(1, 1, -1, -1));
    painter.restore();
}

void paintReadout(QPainter& painter, const QRect& area, const QString& text) {
    if (text.isEmpty())
        return;
    const ThemeColors& colors = themeColors(paletteOf(painter));
    const QRect line = painter.fontMetrics().boundingRect(text).adjusted(-6, -3, 6, 3);
    const QRect label(area.bottomLeft() + QPoint(8, -line.height() - 7), line.size());
    painter.fillRect(label, colors.raised);
    painter.setPen(colors.text);
    painter.drawText(label, Qt::AlignCenter, text);
}

QRectF onDevicePixels(const QPainter& painter, const QRectF& rect) {
    const QTransform toDevice = painter.deviceTransform();
    const QRectF mapped = toDevice.mapRect(rect);
    const QRectF snapped(QPointF(std::round(mapped.left()), std::round(mapped.top())),
                         QPointF(std::round(mapped.right()), std::round(mapped.bottom())));
    return toDevice.inverted().mapRect(snapped);
}

double deviceRatio(const QPainter& painter) {
    return painter.deviceTransform().m11();
}

}  // namespace denoscope
