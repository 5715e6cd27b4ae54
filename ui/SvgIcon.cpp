// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/SvgIcon.h"

#include <QFile>
#include <QGuiApplication>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

// Outside every namespace, as Qt's macro wants it: a static library's resources are found only after this.
static void registerIcons() {
    Q_INIT_RESOURCE(icons);
}

namespace denoscope {

namespace {

QByteArray drawing(const QString& name) {
    registerIcons();
    QFile file(":/icons/" + name + ".svg");
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

void paintSvg(QPainter& painter, QByteArray svg, const QRectF& rect, const QColor& color) {
    svg.replace("#000", color.name().toLatin1());
    QSvgRenderer renderer(svg);
    renderer.setAspectRatioMode(Qt::KeepAspectRatio);
    painter.setOpacity(painter.opacity() * color.alphaF());
    renderer.render(&painter, rect);
}

class SvgIconEngine : public QIconEngine {
public:
    explicit SvgIconEngine(QByteArray svg) : m_svg(std::move(svg)) {}

    void paint(QPainter* painter, const QRect& rect, QIcon::Mode mode, QIcon::State) override {
        const auto group = mode == QIcon::Disabled ? QPalette::Disabled : QPalette::Active;
        const auto role = mode == QIcon::Selected ? QPalette::HighlightedText : QPalette::WindowText;
        painter->save();
        paintSvg(*painter, m_svg, rect, QGuiApplication::palette().color(group, role));
        painter->restore();
    }

    QPixmap pixmap(const QSize& size, QIcon::Mode mode, QIcon::State state) override {
        QPixmap pixmap(size);
        pixmap.fill(Qt::transparent);
        QPainter painter(&pixmap);
        paint(&painter, QRect(QPoint(), size), mode, state);
        return pixmap;
    }

    QIconEngine* clone() const override { return new SvgIconEngine(m_svg); }

private:
    QByteArray m_svg;
};

}  // namespace

QIcon svgIcon(const QString& name) {
    return QIcon(new SvgIconEngine(drawing(name)));
}

QPixmap svgPixmap(const QString& name, QSize size, const QColor& color, qreal devicePixelRatio) {
    QPixmap pixmap(size * devicePixelRatio);
    pixmap.setDevicePixelRatio(devicePixelRatio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    paintSvg(painter, drawing(name), QRectF(QPointF(), size), color);
    return pixmap;
}

QIcon applicationIcon() {
    QIcon icon;
    for (const int size : {16, 24, 32, 48, 64, 128, 256})
        icon.addPixmap(svgPixmap("denoscope", {size, size}, Qt::black, 1));
    return icon;
}

}  // namespace denoscope
