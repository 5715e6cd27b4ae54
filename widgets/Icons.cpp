// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/Icons.h"

#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QPainterPath>
#include <QPalette>
#include <array>

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
