// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ImageCompare.h"

#include <QKeyEvent>
#include <QPainter>
#include <QTimer>
#include <algorithm>
#include <cmath>

#include "widgets/Painting.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr int flickerMilliseconds = 500;
constexpr double gap = 6;        // between the panes, logical pixels
constexpr double grabWidth = 8;  // to either side of the divider
constexpr double dividerStep = 0.02;

}  // namespace

ImageCompare::ImageCompare(QWidget* parent)
    : QWidget(parent), m_timer(new QTimer(this)), m_placeholder(tr("Choose two items to compare.")) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Comparison of two images"));
    m_timer->setInterval(flickerMilliseconds);
    connect(m_timer, &QTimer::timeout, this, &ImageCompare::swap);
}

QSize ImageCompare::minimumSizeHint() const {
    return {160, 96};
}

QSize ImageCompare::sizeHint() const {
    return {480, 320};
}

void ImageCompare::setImages(ValueImage left, ValueImage right) {
    m_left = std::move(left);
    m_right = std::move(right);
    refreshPictures();
    refreshDifference();
    layOut();
}

void ImageCompare::setRange(double low, double high) {
    if (low == m_low && high == m_high)
        return;
    m_low = low;
    m_high = high;
    refreshPictures();
    update();
}

void ImageCompare::setMode(Mode mode) {
    m_mode = mode;
    m_second = false;
    refreshDifference();
    updateTimer();
    layOut();
}

void ImageCompare::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    update();
}

void ImageCompare::setDivider(double share) {
    m_divider = std::clamp(share, 0.0, 1.0);
    update();
}

void ImageCompare::fit() {
    m_zoom.fit();
    update();
}

void ImageCompare::swap() {
    m_second = !m_second;
    update();
}

void ImageCompare::refreshPictures() {
    m_pictures[0] = valuePicture(m_left, m_low, m_high);
    m_pictures[1] = valuePicture(m_right, m_low, m_high);
}

void ImageCompare::refreshDifference() {
    m_limit = 0;
    m_difference = {};
    if (m_mode != Mode::Difference || !canSubtract())
        return;
    const ValueImage differences = difference(m_left, m_right);
    m_limit = largestMagnitude(differences);
    m_difference = divergingPicture(differences, m_limit);
}

void ImageCompare::layOut() {
    m_zoom.setContent(m_left.size().expandedTo(m_right.size()));
    m_zoom.setArea(pane(0), devicePixelRatioF());
    update();
}

void ImageCompare::updateTimer() {
    if (m_mode == Mode::Flicker && isVisible())
        m_timer->start();
    else
        m_timer->stop();
}

double ImageCompare::headHeight() const {
    constexpr int around = 12;
    return m_left.caption.isEmpty() && m_right.caption.isEmpty() ? 0 : fontMetrics().height() + around;
}

QRectF ImageCompare::pane(int which) const {
    const double top = headHeight(), rest = std::max(1.0, height() - top);
    if (m_mode != Mode::SideBySide)
        return {0, top, static_cast<double>(width()), rest};
    const double each = (width() - gap) / 2;
    return {which * (each + gap), top, each, rest};
}

QRectF ImageCompare::headOf(int which) const {
    return {pane(which).left(), 0, pane(which).width(), headHeight()};
}

QPointF ImageCompare::betweenPanes() const {
    return pane(1).topLeft() - pane(0).topLeft();
}

QPointF ImageCompare::inFirstPane(QPointF position) const {
    return pane(1).contains(position) ? position - betweenPanes() : position;
}

void ImageCompare::updateReadout(QPointF position) {
    QString text;
    if (isReady() && rect().contains(position.toPoint())) {
        const QPointF pixel = m_zoom.view().toContent(inFirstPane(position));
        const int x = static_cast<int>(std::floor(pixel.x())), y = static_cast<int>(std::floor(pixel.y()));
        const auto inside = [x, y](const ValueImage& image) {
            return x >= 0 && y >= 0 && x < image.width && y < image.height;
        };
        const auto valueOf = [&](const ValueImage& image) {
            return inside(image) ? valueText(image, x, y) : QStringLiteral("–");
        };
        if (inside(m_left) || inside(m_right))
            text = tr("x %1  y %2   %3 | %4").arg(x).arg(y).arg(valueOf(m_left), valueOf(m_right));
    }
    if (text == m_readout)
        return;
    m_readout = text;
    update();
    Q_EMIT readoutChanged(text);
}

void ImageCompare::paintPicture(QPainter& painter, const QImage& picture, const QRectF& clip,
                                QPointF shift) const {
    painter.save();
    painter.setClipRect(clip);
    const QRectF target = m_zoom.view().toView(QRectF(picture.rect())).translated(shift);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, m_zoom.scale() * deviceRatio(painter) < 1);
    painter.drawImage(onDevicePixels(painter, target), picture);
    painter.restore();
}

void ImageCompare::paintCaption(QPainter& painter, const QRectF& area, const QString& text,
                                Qt::Alignment side) const {
    if (text.isEmpty())
        return;
    const ThemeColors& colors = themeColors(palette());
    const QString shown = fontMetrics().elidedText(text, Qt::ElideRight, static_cast<int>(area.width()) - 24);
    QRectF label(QPointF(), fontMetrics().boundingRect(shown).adjusted(-6, -3, 6, 3).size());
    label.moveTop(area.top() + 6);
    if (side == Qt::AlignRight)
        label.moveRight(area.right() - 6);
    else
        label.moveLeft(area.left() + 6);
    painter.fillRect(label, colors.raised);
    painter.setPen(colors.text);
    painter.drawText(label, Qt::AlignCenter, shown);
}

void ImageCompare::paintWipe(QPainter& painter) const {
    const double x = m_divider * width();
    const QRectF whole = pane(0);
    paintPicture(painter, m_pictures[0], whole & QRectF(0, 0, x, height()), {});
    paintPicture(painter, m_pictures[1], whole & QRectF(x, 0, width() - x, height()), {});
    painter.setPen(QPen(themeColors(palette()).accent, 2));
    painter.drawLine(QPointF(x, whole.top()), QPointF(x, height()));
    painter.setBrush(themeColors(palette()).accent);
    painter.drawEllipse(QPointF(x, whole.center().y()), 5, 5);
    paintCaption(painter, headOf(0), m_left.caption, Qt::AlignLeft);
    paintCaption(painter, headOf(0), m_right.caption, Qt::AlignRight);
}

QString ImageCompare::differenceCaption() const {
    if (m_limit == 0)
        return tr("They are the same");
    return tr("blue %1, white 0, red %2: %3 minus %4")
        .arg(-m_limit, 0, 'g', 4)
        .arg(m_limit, 0, 'g', 4)
        .arg(m_left.caption, m_right.caption);
}

void ImageCompare::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColors(palette()).surface);
    if (!isReady()) {
        paintPlaceholder(painter, rect(), m_placeholder);
    } else if (m_mode == Mode::Difference && !canSubtract()) {
        paintPlaceholder(painter, rect(),
                         tr("%1 × %2 and %3 × %4 pixels cannot be subtracted; nothing is squashed to fit.")
                             .arg(m_left.width)
                             .arg(m_left.height)
                             .arg(m_right.width)
                             .arg(m_right.height));
    } else if (m_mode == Mode::Difference) {
        paintPicture(painter, m_difference, pane(0), {});
        paintCaption(painter, headOf(0), differenceCaption(), Qt::AlignLeft);
    } else if (m_mode == Mode::Wipe) {
        paintWipe(painter);
    } else if (m_mode == Mode::Flicker) {
        paintPicture(painter, m_pictures[m_second ? 1 : 0], pane(0), {});
        paintCaption(painter, headOf(0), m_second ? m_right.caption : m_left.caption,
                     m_second ? Qt::AlignRight : Qt::AlignLeft);
    } else {
        for (const int which : {0, 1}) {
            paintPicture(painter, m_pictures[which], pane(which), which == 0 ? QPointF() : betweenPanes());
            paintCaption(painter, headOf(which), which == 0 ? m_left.caption : m_right.caption,
                         Qt::AlignLeft);
        }
        painter.fillRect(QRectF(headOf(0).topRight(), pane(1).bottomLeft()), themeColors(palette()).border);
    }
    paintReadout(painter, rect(), m_readout);
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void ImageCompare::resizeEvent(QResizeEvent*) {
    layOut();
}

void ImageCompare::showEvent(QShowEvent*) {
    updateTimer();
}

void ImageCompare::hideEvent(QHideEvent*) {
    updateTimer();
}

void ImageCompare::wheelEvent(QWheelEvent* event) {
    m_zoom.turnWheel(inFirstPane(event->position()), event->angleDelta().y());
    update();
    event->accept();
}

void ImageCompare::mousePressEvent(QMouseEvent* event) {
    const QPointF position = event->position();
    m_draggingDivider = m_mode == Mode::Wipe && event->button() == Qt::LeftButton &&
                        std::abs(position.x() - m_divider * width()) <= grabWidth;
    if (!m_draggingDivider && (event->button() == Qt::LeftButton || event->button() == Qt::MiddleButton))
        m_zoom.beginDrag(position);
}

void ImageCompare::mouseMoveEvent(QMouseEvent* event) {
    const QPointF position = event->position();
    if (m_draggingDivider)
        setDivider(position.x() / std::max(1, width()));
    else if (m_zoom.dragTo(position))
        update();
    const bool overDivider =
        m_mode == Mode::Wipe && std::abs(position.x() - m_divider * width()) <= grabWidth;
    setCursor(overDivider || m_draggingDivider ? Qt::SplitHCursor : Qt::ArrowCursor);
    updateReadout(position);
}

void ImageCompare::mouseReleaseEvent(QMouseEvent*) {
    m_draggingDivider = false;
    m_zoom.endDrag();
}

void ImageCompare::mouseDoubleClickEvent(QMouseEvent*) {
    fit();
}

void ImageCompare::keyPressEvent(QKeyEvent* event) {
    const bool left = event->key() == Qt::Key_Left, right = event->key() == Qt::Key_Right;
    if (m_mode == Mode::Wipe && event->modifiers().testFlag(Qt::ControlModifier) && (left || right))
        setDivider(m_divider + (left ? -dividerStep : dividerStep));
    else if (m_mode == Mode::Flicker && event->key() == Qt::Key_Space)
        swap();
    else if (m_zoom.press(*event))
        update();
    else
        QWidget::keyPressEvent(event);
}

void ImageCompare::leaveEvent(QEvent*) {
    updateReadout({-1, -1});
}

void ImageCompare::focusInEvent(QFocusEvent*) {
    update();
}

void ImageCompare::focusOutEvent(QFocusEvent*) {
    update();
}

}  // namespace denoscope
