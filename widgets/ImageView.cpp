// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ImageView.h"

#include <QKeyEvent>
#include <QPainter>
#include <cmath>

#include "widgets/Painting.h"
#include "widgets/Theme.h"

namespace denoscope {

ImageView::ImageView(QWidget* parent) : QWidget(parent), m_placeholder(tr("No image chosen.")) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Image"));
}

QSize ImageView::minimumSizeHint() const {
    return {120, 96};
}

QSize ImageView::sizeHint() const {
    return {320, 320};
}

void ImageView::setImage(const QImage& image) {
    m_image = image;
    m_zoom.setContent(image.size());
    update();
}

void ImageView::setValueText(ValueText text) {
    m_valueText = std::move(text);
}

void ImageView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    update();
}

void ImageView::fit() {
    m_zoom.fit();
    update();
}

void ImageView::setZoom(double scale) {
    m_zoom.zoomBy(scale / m_zoom.scale());
    update();
}

QString ImageView::pixelText(int x, int y) const {
    if (m_valueText)
        return m_valueText(x, y);
    const QColor color = m_image.pixelColor(x, y);
    if (m_image.isGrayscale())
        return QString::number(color.red());
    return tr("R %1  G %2  B %3").arg(color.red()).arg(color.green()).arg(color.blue());
}

void ImageView::updateReadout(std::optional<QPointF> position) {
    QString text;
    if (position && !m_image.isNull()) {
        const QPointF pixel = m_zoom.view().toContent(*position);
        const int x = static_cast<int>(std::floor(pixel.x()));
        const int y = static_cast<int>(std::floor(pixel.y()));
        if (m_image.valid(x, y))
            text = tr("x %1  y %2   %3").arg(x).arg(y).arg(pixelText(x, y));
    }
    if (text == m_readout)
        return;
    m_readout = text;
    update();
    Q_EMIT readoutChanged(text);
}

void ImageView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    const ThemeColors& colors = themeColors(palette());
    painter.fillRect(rect(), colors.surface);
    if (m_image.isNull()) {
        paintPlaceholder(painter, rect(), m_placeholder);
    } else {
        const QRectF target = onDevicePixels(painter, m_zoom.view().toView(QRectF(m_image.rect())));
        painter.setRenderHint(QPainter::SmoothPixmapTransform, m_zoom.scale() * deviceRatio(painter) < 1);
        painter.drawImage(target, m_image);
    }
    paintReadout(painter, rect(), m_readout);
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void ImageView::resizeEvent(QResizeEvent*) {
    m_zoom.setArea(rect(), devicePixelRatioF());
}

void ImageView::wheelEvent(QWheelEvent* event) {
    m_zoom.turnWheel(event->position(), event->angleDelta().y());
    update();
    event->accept();
}

void ImageView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton)
        m_zoom.beginDrag(event->position());
}

void ImageView::mouseMoveEvent(QMouseEvent* event) {
    if (m_zoom.dragTo(event->position()))
        update();
    updateReadout(event->position());
}

void ImageView::mouseReleaseEvent(QMouseEvent*) {
    m_zoom.endDrag();
}

void ImageView::mouseDoubleClickEvent(QMouseEvent*) {
    fit();
}

void ImageView::keyPressEvent(QKeyEvent* event) {
    if (m_zoom.press(*event))
        update();
    else
        QWidget::keyPressEvent(event);
}

void ImageView::leaveEvent(QEvent*) {
    updateReadout({});
}

void ImageView::focusInEvent(QFocusEvent*) {
    update();
}

void ImageView::focusOutEvent(QFocusEvent*) {
    update();
}

}  // namespace denoscope
