// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ImageView.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/Painting.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr double smallestZoom = 1.0 / 64;
constexpr double largestZoom = 128;

}  // namespace

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
    const bool sameSize = image.size() == m_image.size();
    m_image = image;
    if (!sameSize)
        fit();
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
    m_fitted = true;
    m_view = ViewTransform::fitting(m_image.size(), QRectF(rect()).adjusted(8, 8, -8, -8));
    // Enlarged pixels are all of one size where whole device pixels allow it.
    const double ratio = devicePixelRatioF();
    const double whole = std::floor(m_view.scale * ratio) / ratio;
    if (whole > 0)
        m_view = m_view.zoomedAt(QRectF(rect()).center(), whole / m_view.scale, smallestZoom, largestZoom);
    update();
}

void ImageView::setZoom(double scale) {
    zoomAt(QRectF(rect()).center(), scale / m_view.scale);
}

void ImageView::zoomAt(QPointF position, double factor) {
    if (m_image.isNull())
        return;
    m_fitted = false;
    m_view = m_view.zoomedAt(position, factor, smallestZoom, largestZoom);
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
        const QPointF pixel = m_view.toContent(*position);
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
        const QRectF target = onDevicePixels(painter, m_view.toView(QRectF(m_image.rect())));
        painter.setRenderHint(QPainter::SmoothPixmapTransform, m_view.scale * deviceRatio(painter) < 1);
        painter.drawImage(target, m_image);
    }
    if (!m_readout.isEmpty()) {
        const QRect line = fontMetrics().boundingRect(m_readout).adjusted(-6, -3, 6, 3);
        const QRect label(QPoint(8, height() - line.height() - 8), line.size());
        painter.fillRect(label, colors.raised);
        painter.setPen(colors.text);
        painter.drawText(label, Qt::AlignCenter, m_readout);
    }
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void ImageView::resizeEvent(QResizeEvent*) {
    if (m_fitted)
        fit();
}

void ImageView::wheelEvent(QWheelEvent* event) {
    zoomAt(event->position(), std::exp2(event->angleDelta().y() / 240.0));
    event->accept();
}

void ImageView::mousePressEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton)
        m_dragFrom = event->position();
}

void ImageView::mouseMoveEvent(QMouseEvent* event) {
    if (m_dragFrom && !m_image.isNull()) {
        m_fitted = false;
        m_view = m_view.panned(event->position() - *m_dragFrom);
        m_dragFrom = event->position();
        update();
    }
    updateReadout(event->position());
}

void ImageView::mouseReleaseEvent(QMouseEvent*) {
    m_dragFrom.reset();
}

void ImageView::mouseDoubleClickEvent(QMouseEvent*) {
    fit();
}

void ImageView::keyPressEvent(QKeyEvent* event) {
    constexpr double step = 32;
    const auto pan = [this](double x, double y) {
        m_fitted = false;
        m_view = m_view.panned({x, y});
        update();
    };
    switch (event->key()) {
        case Qt::Key_Left:
            return pan(step, 0);
        case Qt::Key_Right:
            return pan(-step, 0);
        case Qt::Key_Up:
            return pan(0, step);
        case Qt::Key_Down:
            return pan(0, -step);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoomAt(QRectF(rect()).center(), 1.25);
        case Qt::Key_Minus:
            return zoomAt(QRectF(rect()).center(), 0.8);
        case Qt::Key_1:
            return setZoom(1 / devicePixelRatioF());
        case Qt::Key_Home:
        case Qt::Key_0:
            return fit();
        default:
            QWidget::keyPressEvent(event);
    }
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
