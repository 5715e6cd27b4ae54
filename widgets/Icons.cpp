// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/Icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <array>
#include <initializer_list>

#include "widgets/Theme.h"

namespace denoscope {

namespace {

// In a square of 16 x 16 units.
QPainterPath triangle(double left, double right) {
    QPainterPath path({left, 3});
    path.lineTo(right, 8);
    path.lineTo(left, 13);
    path.closeSubpath();
    return path;
}

QPainterPath bar(double x) {
    QPainterPath path;
    path.addRect(x, 3, 2, 10);
    return path;
}

QPainterPath stroked(const QPainterPath& line) {
    QPainterPathStroker pen;
    pen.setWidth(1.5);
    pen.setJoinStyle(Qt::MiterJoin);
    return pen.createStroke(line);
}

QPainterPath lines(std::initializer_list<std::array<double, 4>> ends) {
    QPainterPath path;
    for (const auto& [x1, y1, x2, y2] : ends) {
        path.moveTo(x1, y1);
        path.lineTo(x2, y2);
    }
    return stroked(path);
}

QPainterPath rhombus(double top) {
    QPainterPath path({8, top});
    path.lineTo(14, top + 3);
    path.lineTo(8, top + 6);
    path.lineTo(2, top + 3);
    path.closeSubpath();
    return path;
}

QPainterPath sliceShape(Glyph glyph) {
    QPainterPath path;
    switch (glyph) {
        case Glyph::Crosshair:
            return lines({{8, 1, 8, 6}, {8, 10, 8, 15}, {1, 8, 6, 8}, {10, 8, 15, 8}});
        case Glyph::Window: {
            path.addEllipse(QPointF(8, 8), 5.5, 5.5);
            QPainterPath half({8, 2.5});
            half.arcTo(QRectF(2.5, 2.5, 11, 11), 90, -180);
            half.closeSubpath();
            return stroked(path).united(half);
        }
        case Glyph::Contrast:
            for (const auto& [x, height] : {std::array{2., 4.}, {5., 10.}, {8., 12.}, {11., 6.}})
                path.addRect(x, 14 - height, 2, height);
            return path;
        case Glyph::Turn: {
            path.moveTo(8 + 5 * 0.866, 8 - 5 * 0.5);
            path.arcTo(QRectF(3, 3, 10, 10), 30, 290);
            QPainterPath tip({10, 2.5});
            tip.lineTo(14.5, 1.5);
            tip.lineTo(14.2, 7);
            tip.closeSubpath();
            return stroked(path).united(tip);
        }
        case Glyph::Ruler:
            return lines({{2, 11, 14, 11},
                          {2.75, 11, 2.75, 5},
                          {6.2, 11, 6.2, 8},
                          {9.8, 11, 9.8, 8},
                          {13.25, 11, 13.25, 5}});
        case Glyph::Ellipse:
            path.addEllipse(QPointF(8, 8), 6, 4.5);
            return stroked(path);
        case Glyph::Rectangle:
            path.addRect(2.5, 3.5, 11, 9);
            return stroked(path);
        case Glyph::Planes:
            path.addRect(2.5, 2.5, 11, 11);
            return stroked(path).united(lines({{2.5, 11, 13.5, 5}}));
        case Glyph::More:
            return lines({{3, 3, 8, 8}, {8, 8, 3, 13}, {8, 3, 13, 8}, {13, 8, 8, 13}});
        default:  // Layers
            return stroked(rhombus(2)).united(rhombus(8));
    }
}

QPainterPath shape(Glyph glyph) {
    QPainterPath path;
    switch (glyph) {
        case Glyph::Play:
            return triangle(4, 13);
        case Glyph::Pause:
            path.addRect(4, 3, 3, 10);
            path.addRect(9, 3, 3, 10);
            break;
        case Glyph::Stop:
            path.addRect(4, 4, 8, 8);
            break;
        case Glyph::StepBack:
            return triangle(10.5, 4.5);
        case Glyph::StepForward:
            return triangle(5.5, 11.5);
        case Glyph::First:
            return triangle(12, 6) + bar(4);
        case Glyph::Last:
            return triangle(4, 10) + bar(10);
        case Glyph::Record:
            path.addEllipse(QPointF(8, 8), 4.5, 4.5);
            break;
        case Glyph::Fit:  // four corners
            for (const auto& [x, y, right, down] :
                 {std::array{2, 2, 1, 1}, {14, 2, -1, 1}, {2, 14, 1, -1}, {14, 14, -1, -1}}) {
                path.addRect(QRectF(x, y, 5 * right, 1.6 * down).normalized());
                path.addRect(QRectF(x, y, 1.6 * right, 5 * down).normalized());
            }
            path.setFillRule(Qt::WindingFill);
            break;
        default:
            return sliceShape(glyph);
    }
    return path;
}

class GlyphEngine : public QIconEngine {
public:
    explicit GlyphEngine(Glyph glyph) : m_glyph(glyph) {}

    // The palette is asked at every painting, so a change of theme reaches icons that exist already.
    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State state) override {
        const QPalette palette = QGuiApplication::palette();
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const auto role = state == QIcon::On ? QPalette::HighlightedText : QPalette::ButtonText;
        const double side = qMin(rect.width(), rect.height());
        painter->save();
        painter->setRenderHint(QPainter::Antialiasing);
        painter->translate(rect.x() + (rect.width() - side) / 2, rect.y() + (rect.height() - side) / 2);
        painter->scale(side / 16, side / 16);
        painter->fillPath(shape(m_glyph), palette.color(group, role));
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, pixmap.rect(), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new GlyphEngine(m_glyph); }

private:
    Glyph m_glyph;
};

}  // namespace

QIcon glyphIcon(Glyph glyph) {
    return QIcon(new GlyphEngine(glyph));
}

}  // namespace denoscope
