// SPDX-License-Identifier: GPL-3.0-or-later
#include <QPainter>
#include <QStyle>
#include <algorithm>
#include <cmath>

#include "widgets/Painting.h"
#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

// Slices lie on black in both themes, as their window does; what is written over them takes the dark theme's
// colours.
const ThemeColors& overlayColors() {
    return themeColors(ThemeKind::Dark);
}

// Readable over bright tissue, too.
void paintOutlined(QPainter& painter, const QRectF& place, int flags, const QString& text,
                   const QColor& color) {
    painter.setPen(Qt::black);
    for (const QPointF& shift : {QPointF(1, 1), QPointF(-1, -1), QPointF(1, -1), QPointF(-1, 1)})
        painter.drawText(place.translated(shift), flags, text);
    painter.setPen(color);
    painter.drawText(place, flags, text);
}

QString nameOf(Projection projection) {
    switch (projection) {
        case Projection::Maximum:
            return SlicePane::tr("MIP");
        case Projection::Minimum:
            return SlicePane::tr("MinIP");
        case Projection::Mean:
            return SlicePane::tr("mean");
        case Projection::None:
            break;
    }
    return {};
}

}  // namespace

void SlicePane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    paintSlice(painter);
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void SlicePane::paintSlice(QPainter& painter) {
    painter.fillRect(rect(), Qt::black);
    const QImage& image = picture();
    if (image.isNull())
        return;
    const QRectF target = onDevicePixels(painter, m_transform.toView(QRectF(QPointF(), contentSize())));
    const bool reduced = target.width() * deviceRatio(painter) < image.width();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, reduced || scene().interpolated);
    painter.drawImage(target, image);
    if (scene().crosshairShown)
        paintCrosshair(painter);
    for (const Measurement& measurement : scene().measurements)
        if (isShown(measurement))
            paintMeasurement(painter, measurement);
    paintLetters(painter);
}

void SlicePane::paintCrosshair(QPainter& painter) const {
    const QPointF cross = positionOf(scene().cursor);
    constexpr double gap = 6;  // the voxel itself stays visible
    QColor line = overlayColors().accent;
    line.setAlphaF(0.8F);
    const QRectF free = QRectF(rect()).adjusted(margin + 4, margin + 4, -margin - 4, -margin - 4);
    painter.save();
    painter.setClipRect(free);  // the letters stay clear
    const double x = cross.x() - 0.5;
    const double y = cross.y() - 0.5;
    for (const QRectF& part : {QRectF(QPointF(free.left(), y), QPointF(x - gap, y + 1)),
                               QRectF(QPointF(x + gap, y), QPointF(free.right(), y + 1)),
                               QRectF(QPointF(x, free.top()), QPointF(x + 1, y - gap)),
                               QRectF(QPointF(x, y + gap), QPointF(x + 1, free.bottom()))})
        if (part.isValid())
            painter.fillRect(onDevicePixels(painter, part), line);
    painter.restore();
}

QString SlicePane::caption() const {
    QString text = m_grid.oblique ? tr("%1, oblique").arg(title())
                                  : tr("%1 %2/%3").arg(title()).arg(slice() + 1).arg(m_grid.slices);
    const Slab& slab = scene().slab;
    if (slab.projection != Projection::None)
        text += tr(" · %1 %2 mm").arg(nameOf(slab.projection)).arg(slab.thickness, 0, 'g', 4);
    return text;
}

void SlicePane::paintLetters(QPainter& painter) const {
    const QColor color = overlayColors().text;
    const QRect inner = rect().adjusted(5, 3, -5, -3);
    const auto letter = [&](Qt::Alignment alignment,
                            const QString& text) {  // on whole pixels, so that it is crisp
        const QSize size = fontMetrics().size(Qt::TextSingleLine, text);
        const QRect place = QStyle::alignedRect(Qt::LeftToRight, alignment, size, inner);
        paintOutlined(painter, place, Qt::AlignLeft | Qt::AlignTop, text, color);
    };
    letter(Qt::AlignLeft | Qt::AlignVCenter, m_grid.leftLetter);
    letter(Qt::AlignRight | Qt::AlignVCenter, m_grid.rightLetter);
    letter(Qt::AlignHCenter | Qt::AlignTop, m_grid.topLetter);
    letter(Qt::AlignHCenter | Qt::AlignBottom, m_grid.bottomLetter);
    const QString text = caption();
    const bool fits = fontMetrics().horizontalAdvance(text) < width() / 2 - 12;  // beside the letter on top
    letter(Qt::AlignLeft | (fits ? Qt::AlignTop : Qt::AlignBottom),
           fits ? text : QString::number(slice() + 1));
}

void SlicePane::paintMeasurement(QPainter& painter, const Measurement& measurement) {
    const QPointF from = positionOf(measurement.from), to = positionOf(measurement.to);
    const QRectF box = QRectF(from, to).normalized();
    const QColor color = overlayColors().warning;
    const auto draw = [&] {
        if (measurement.shape == Measurement::Shape::Ruler)
            painter.drawLine(from, to);
        else if (measurement.shape == Measurement::Shape::Ellipse)
            painter.drawEllipse(box);
        else
            painter.drawRect(box);
    };
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    painter.setPen(QPen(Qt::black, 3));
    draw();
    painter.setPen(QPen(color, 1.2));
    draw();
    painter.setBrush(color);
    for (const QPointF& end : {from, to})
        painter.drawEllipse(end, 2.5, 2.5);
    painter.restore();

    const Volume& volume = *scene().volume;
    const QString text =
        measurement.shape == Measurement::Shape::Ruler
            ? tr("%1 mm").arg(lengthInMm(measurement.from, measurement.to, gridAffine(volume)), 0, 'f', 1)
            : textOf(statisticsOf(values(), m_grid, measurement.shape, pixelOf(measurement.from),
                                  pixelOf(measurement.to)),
                     volume.unit);
    QRectF place = fontMetrics().boundingRect(QRect(0, 0, 1000, 1000), Qt::AlignLeft, text);
    place.moveTopLeft(box.topRight() + QPointF(6, 0));
    const QRectF room = QRectF(rect()).adjusted(4, 4, -4, -4);
    place.moveLeft(std::max(room.left(), std::min(place.left(), room.right() - place.width())));
    place.moveTop(std::max(room.top(), std::min(place.top(), room.bottom() - place.height())));
    paintOutlined(painter, place, Qt::AlignLeft, text, color);
}

}  // namespace denoscope
