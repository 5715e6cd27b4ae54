// SPDX-License-Identifier: GPL-3.0-or-later
#include <QLineF>
#include <QPainter>
#include <QStyle>
#include <algorithm>
#include <cmath>
#include <iterator>
#include <utility>
#include <vector>

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

// Such as "maximum 10 mm"; empty for a plane.
QString nameOf(const Slab& slab) {
    const auto over = [&](const QString& name) {
        return SlicePane::tr("%1 %2 mm").arg(name).arg(slab.thickness, 0, 'g', 4);
    };
    switch (slab.projection) {
        case Projection::Maximum:
            return over(SlicePane::tr("maximum"));
        case Projection::Minimum:
            return over(SlicePane::tr("minimum"));
        case Projection::Mean:
            return over(SlicePane::tr("mean"));
        case Projection::None:
            break;
    }
    return {};
}

bool isFree(const QRectF& place, const QRectF& room, const std::vector<QRectF>& taken) {
    return room.contains(place) && std::none_of(taken.begin(), taken.end(),
                                                [&](const QRectF& other) { return other.intersects(place); });
}

// Where a label may stand, best first: on either side of the middle of a line, and of its ends.
std::vector<QPointF> centersBeside(const QLineF& line, QSizeF label) {
    constexpr double clear = 6;
    QPointF across = line.length() > 0 ? line.normalVector().unitVector().p2() - line.p1() : QPointF(0, -1);
    if (across.y() > 0)
        across = -across;  // above the line first
    const double away =
        clear + std::abs(across.x()) * label.width() / 2 + std::abs(across.y()) * label.height() / 2;
    std::vector<QPointF> centers;
    for (const double along : {0.5, 0.75, 0.25, 1.0, 0.0})
        for (const double side : {away, -away})
            centers.push_back(line.pointAt(along) + side * across);
    return centers;
}

// The same about a region: right, left, below and above.
std::vector<QPointF> centersBeside(const QRectF& box, QSizeF label) {
    constexpr double clear = 6;
    const double x = box.width() / 2 + clear + label.width() / 2;
    const double y = box.height() / 2 + clear + label.height() / 2;
    const double level = (label.height() - box.height()) / 2;  // tops in line
    const QPointF c = box.center();
    return {c + QPointF(x, level), c + QPointF(-x, level), c + QPointF(0, y), c - QPointF(0, y)};
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
    std::vector<QRectF> taken = paintLetters(painter);
    paintTitle(painter, taken);
    for (const Measurement& measurement : scene().measurements)
        if (isShown(measurement))
            paintMeasurement(painter, measurement, taken);
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
    if (m_view.isFlat())  // nothing to count, and a name only where it is known
        return m_grid.topLetter.isEmpty() ? QString() : title();
    const QString text = m_grid.oblique ? tr("%1, oblique").arg(title())
                                        : tr("%1 %2/%3").arg(title()).arg(slice() + 1).arg(m_grid.slices);
    const QString slab = nameOf(scene().slab);
    return slab.isEmpty() ? text : tr("%1 · %2").arg(text, slab);
}

std::vector<QRectF> SlicePane::paintLetters(QPainter& painter) const {
    const QColor color = overlayColors().text;
    const QRect inner = rect().adjusted(5, 3, -5, -3);
    std::vector<QRectF> taken;
    const auto letter = [&](Qt::Alignment alignment, const QString& text) {
        const QSize size = fontMetrics().size(Qt::TextSingleLine, text);
        const QRect place =
            QStyle::alignedRect(Qt::LeftToRight, alignment, size, inner);  // whole pixels: crisp
        paintOutlined(painter, place, Qt::AlignLeft | Qt::AlignTop, text, color);
        taken.push_back(QRectF(place).adjusted(-4, 0, 4, 0));
    };
    letter(Qt::AlignLeft | Qt::AlignVCenter, m_grid.leftLetter);
    letter(Qt::AlignRight | Qt::AlignVCenter, m_grid.rightLetter);
    letter(Qt::AlignHCenter | Qt::AlignTop, m_grid.topLetter);
    letter(Qt::AlignHCenter | Qt::AlignBottom, m_grid.bottomLetter);
    return taken;
}

void SlicePane::paintTitle(QPainter& painter, std::vector<QRectF>& taken) const {
    const QRect inner = rect().adjusted(5, 3, -5, -3);
    const auto placeOf = [&](Qt::Alignment alignment, const QString& text) {
        return QStyle::alignedRect(Qt::LeftToRight, alignment, fontMetrics().size(Qt::TextSingleLine, text),
                                   inner);
    };
    const QString slab = nameOf(scene().slab);
    const QString shortest = m_view.isFlat()  ? QString()
                             : slab.isEmpty() ? QString::number(slice() + 1)
                                              : slab;
    const int row = fontMetrics().height();
    const QRect top = placeOf(Qt::AlignLeft | Qt::AlignTop, caption());
    const QRect topShort = placeOf(Qt::AlignLeft | Qt::AlignTop, shortest);
    const QRect bottomShort = placeOf(Qt::AlignLeft | Qt::AlignBottom, shortest);
    std::vector<std::pair<QString, QRect>> choices{{caption(), top}};
    if (!slab.isEmpty())
        choices.emplace_back(caption(), top.translated(0, row));
    choices.emplace_back(shortest, bottomShort);
    choices.emplace_back(shortest, topShort);
    choices.emplace_back(shortest, topShort.translated(0, row));
    auto chosen = std::find_if(choices.begin(), choices.end(),
                               [&](const auto& choice) { return isFree(choice.second, rect(), taken); });
    if (chosen == choices.end() && !slab.isEmpty())
        chosen = std::prev(choices.end());
    if (chosen != choices.end()) {
        paintOutlined(painter, chosen->second, Qt::AlignLeft | Qt::AlignTop, chosen->first,
                      overlayColors().text);
        taken.emplace_back(chosen->second);
    }
}

QString SlicePane::textOfMeasured(const Measurement& measurement) {
    const Volume& volume = *scene().volume;
    if (measurement.shape == Measurement::Shape::Ruler)
        return tr("%1 %2")
            .arg(lengthInMm(measurement.from, measurement.to, gridAffine(volume)), 0, 'f', 1)
            .arg(volume.lengthUnit());
    const QString text = textOf(
        statisticsOf(values(), m_grid, measurement.shape, pixelOf(measurement.from), pixelOf(measurement.to)),
        volume.unit, volume.lengthUnit());
    const QString slab = nameOf(scene().slab);
    return slab.isEmpty() ? text : tr("%1\nof the projection: %2").arg(text, slab);
}

void SlicePane::paintMeasurement(QPainter& painter, const Measurement& measurement,
                                 std::vector<QRectF>& taken) {
    const QPointF from = positionOf(measurement.from), to = positionOf(measurement.to);
    const QRectF box = QRectF(from, to).normalized();
    const QColor color = overlayColors().warning;
    const bool ruler = measurement.shape == Measurement::Shape::Ruler;
    const auto draw = [&] {
        if (ruler)
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

    const QString text = textOfMeasured(measurement);
    QRectF place = fontMetrics().boundingRect(QRect(0, 0, 1000, 1000), Qt::AlignLeft, text);
    const QRectF room = QRectF(rect()).adjusted(4, 4, -4, -4);
    const std::vector<QPointF> centers =
        ruler ? centersBeside(QLineF(from, to), place.size()) : centersBeside(box, place.size());
    const auto freeAt = [&](const QPointF& center) {
        place.moveCenter(center);
        return isFree(place, room, taken);
    };
    if (std::none_of(centers.begin(), centers.end(), freeAt)) {
        place.moveCenter(centers.front());
        place.moveLeft(std::max(room.left(), std::min(place.left(), room.right() - place.width())));
        place.moveTop(std::max(room.top(), std::min(place.top(), room.bottom() - place.height())));
    }
    paintOutlined(painter, place, Qt::AlignLeft, text, color);
    taken.push_back(place);
}

}  // namespace denoscope
