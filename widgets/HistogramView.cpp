// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/HistogramView.h"

#include <QKeyEvent>
#include <QPainter>
#include <QToolButton>
#include <algorithm>
#include <cmath>

#include "widgets/AxisTicks.h"
#include "widgets/Painting.h"
#include "widgets/Theme.h"

namespace denoscope {

HistogramView::HistogramView(QWidget* parent)
    : QWidget(parent), m_placeholder(tr("No values to count yet.")) {
    setFocusPolicy(Qt::StrongFocus);
    setMouseTracking(true);
    setAccessibleName(tr("Histogram"));
    m_logButton = new QToolButton(this);
    m_logButton->setText(tr("log"));
    m_logButton->setCheckable(true);
    m_logButton->setToolTip(tr("Counts on a logarithmic scale (L)"));
    m_logButton->setAccessibleName(tr("Logarithmic counts"));
    connect(m_logButton, &QToolButton::toggled, this, &HistogramView::setLogCounts);
}

QSize HistogramView::minimumSizeHint() const {
    return {160, 96};
}

QSize HistogramView::sizeHint() const {
    return {320, 160};
}

void HistogramView::setHistogram(Histogram histogram) {
    m_histogram = std::move(histogram);
    m_hoverBin = -1;
    update();
}

void HistogramView::setUnit(const QString& unit) {
    m_unit = unit;
    update();
}

void HistogramView::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    update();
}

void HistogramView::setHandlesVisible(bool visible) {
    m_handlesVisible = visible;
    update();
}

void HistogramView::setHandlesMovable(bool movable) {
    m_handlesMovable = movable;
    m_dragging = m_dragging && movable;
}

void HistogramView::setHandles(double low, double high) {
    m_handles = {std::min(low, high), std::max(low, high)};
    update();
}

void HistogramView::setLogCounts(bool on) {
    m_logCounts = on;
    m_logButton->setChecked(on);
    update();
}

QRectF HistogramView::plotRect() const {
    const int line = fontMetrics().height();
    const int top = std::max(line + 10, m_logButton->geometry().bottom() + 4);
    return QRectF(rect()).adjusted(14, top, -14, -line - 10);
}

double HistogramView::xOf(double value) const {
    const QRectF plot = plotRect();
    return plot.left() + (value - m_histogram.low) / (m_histogram.high - m_histogram.low) * plot.width();
}

double HistogramView::valueAt(double x) const {
    const QRectF plot = plotRect();
    return m_histogram.low + (x - plot.left()) / plot.width() * (m_histogram.high - m_histogram.low);
}

void HistogramView::moveHandle(int handle, double value) {
    const auto which = static_cast<std::size_t>(handle);
    const double bound = m_handles[1 - which];
    value = std::clamp(value, m_histogram.low, m_histogram.high);
    m_handles[which] = handle == 0 ? std::min(value, bound) : std::max(value, bound);
    update();
    Q_EMIT handlesMoved(m_handles[0], m_handles[1]);
}

void HistogramView::paintBars(QPainter& painter, const QRectF& plot) const {
    const auto height = [this](std::int64_t count) {
        return m_logCounts ? std::log1p(static_cast<double>(count)) : static_cast<double>(count);
    };
    const double tallest = height(std::max<std::int64_t>(1, m_histogram.largestCount()));
    const double width = plot.width() / static_cast<double>(m_histogram.counts.size());
    const QColor color = seriesColor(palette(), 0);
    QColor outside = color;
    outside.setAlphaF(0.4F);
    for (std::size_t bin = 0; bin < m_histogram.counts.size(); ++bin) {
        if (m_histogram.counts[bin] == 0)
            continue;
        const double middle = m_histogram.low + (static_cast<double>(bin) + 0.5) * m_histogram.binWidth();
        const bool inside = !m_handlesVisible || (middle >= m_handles[0] && middle <= m_handles[1]);
        // Never below one pixel: a single value must be seen.
        const double bar = std::max(1.0, height(m_histogram.counts[bin]) / tallest * plot.height());
        const double left = plot.left() + static_cast<double>(bin) * width;
        const bool hovered = static_cast<int>(bin) == m_hoverBin;
        painter.fillRect(onDevicePixels(painter, {left, plot.bottom() - bar, width, bar}),
                         hovered  ? themeColors(palette()).accent
                         : inside ? color
                                  : outside);
    }
}

void HistogramView::paintAxis(QPainter& painter, const QRectF& plot) const {
    const ThemeColors& colors = themeColors(palette());
    painter.setPen(colors.border);
    painter.drawLine(plot.bottomLeft(), plot.bottomRight());
    painter.setPen(colors.mutedText);
    const int widest = fontMetrics().horizontalAdvance(QStringLiteral("-00000"));
    const AxisTicks ticks = axisTicks(m_histogram.low, m_histogram.high,
                                      std::max(2, static_cast<int>(plot.width()) / (widest + 16)));
    for (const double value : ticks.values) {
        const double x = xOf(value);
        painter.drawLine(QPointF(x, plot.bottom()), QPointF(x, plot.bottom() + 3));
        const QString text = ticks.text(value);
        const double width = fontMetrics().horizontalAdvance(text) + 2;
        const double left = std::clamp(x - width / 2, 4.0, std::max(4.0, this->width() - width - 4));
        painter.drawText(QRectF(left, plot.bottom() + 4, width, fontMetrics().height()), Qt::AlignCenter,
                         text);
    }
    QString note = m_unit;
    if (m_hoverBin >= 0)
        note = tr("%1 %2: %L3 values")
                   .arg(m_histogram.low + (m_hoverBin + 0.5) * m_histogram.binWidth(), 0, 'g', 4)
                   .arg(m_unit)
                   .arg(m_histogram.counts[static_cast<std::size_t>(m_hoverBin)]);
    else if (m_histogram.notFinite > 0)
        note = tr("%L1 values are not finite").arg(m_histogram.notFinite);
    const QRectF line(plot.left(), 5, m_logButton->x() - plot.left() - 8, fontMetrics().height());
    painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter,
                     fontMetrics().elidedText(note, Qt::ElideRight, static_cast<int>(line.width())));
}

void HistogramView::paintHandles(QPainter& painter, const QRectF& plot) const {
    const ThemeColors& colors = themeColors(palette());
    for (int handle = 0; handle < 2; ++handle) {
        const double x =
            std::clamp(xOf(m_handles[static_cast<std::size_t>(handle)]), plot.left(), plot.right());
        const bool active = hasFocus() && handle == m_active;
        painter.setPen(QPen(active ? colors.accent : colors.text, active ? 2 : 1));
        painter.drawLine(QPointF(x, plot.top()), QPointF(x, plot.bottom()));
        painter.setPen(Qt::NoPen);
        painter.setBrush(active ? colors.accent : colors.text);
        painter.drawEllipse(QPointF(x, plot.top() + 4), 4, 4);
    }
}

void HistogramView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), themeColors(palette()).surface);
    if (m_histogram.isEmpty()) {
        paintPlaceholder(painter, rect(), m_placeholder);
    } else {
        const QRectF plot = plotRect();
        paintBars(painter, plot);
        painter.setRenderHint(QPainter::Antialiasing);
        paintAxis(painter, plot);
        if (m_handlesVisible)
            paintHandles(painter, plot);
    }
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void HistogramView::resizeEvent(QResizeEvent*) {
    m_logButton->adjustSize();
    m_logButton->move(width() - m_logButton->width() - 6, 4);
}

void HistogramView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton || !m_handlesVisible || !m_handlesMovable || m_histogram.isEmpty())
        return;
    const double x = event->position().x();
    const double toLow = std::abs(x - xOf(m_handles[0]));
    const double toHigh = std::abs(x - xOf(m_handles[1]));
    m_active = toLow < toHigh || (toLow == toHigh && x < xOf(m_handles[0])) ? 0 : 1;
    m_dragging = true;
    moveHandle(m_active, valueAt(x));
}

void HistogramView::mouseMoveEvent(QMouseEvent* event) {
    if (m_histogram.isEmpty())
        return;
    if (m_dragging)
        moveHandle(m_active, valueAt(event->position().x()));
    const bool over = plotRect().contains(event->position());
    const int bin = over ? m_histogram.binOf(valueAt(event->position().x())) : -1;
    if (bin != m_hoverBin) {
        m_hoverBin = bin;
        update();
    }
}

void HistogramView::mouseReleaseEvent(QMouseEvent*) {
    m_dragging = false;
}

void HistogramView::keyPressEvent(QKeyEvent* event) {
    const bool movable = m_handlesVisible && m_handlesMovable && !m_histogram.isEmpty();
    const double value = m_handles[static_cast<std::size_t>(m_active)];
    if (event->key() == Qt::Key_L) {
        setLogCounts(!m_logCounts);
    } else if (movable && event->key() == Qt::Key_Left) {
        moveHandle(m_active, value - m_histogram.binWidth());
    } else if (movable && event->key() == Qt::Key_Right) {
        moveHandle(m_active, value + m_histogram.binWidth());
    } else if (movable && event->key() == Qt::Key_Space) {
        m_active = 1 - m_active;
        update();
    } else {
        QWidget::keyPressEvent(event);
    }
}

void HistogramView::leaveEvent(QEvent*) {
    m_hoverBin = -1;
    update();
}

void HistogramView::focusInEvent(QFocusEvent*) {
    update();
}

void HistogramView::focusOutEvent(QFocusEvent*) {
    update();
}

}  // namespace denoscope
