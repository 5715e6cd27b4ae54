// SPDX-License-Identifier: GPL-3.0-or-later
// How a SpectrogramView draws itself.
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/AxisTicks.h"
#include "widgets/ColorMapBar.h"
#include "widgets/Painting.h"
#include "widgets/SpectrogramView.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

// Round frequencies; over several decades of a logarithmic axis the powers of ten and what lies between.
std::vector<double> frequencyTicks(double low, double high, bool logarithmic, int most) {
    return logarithmic ? logTicks(low, high) : axisTicks(low, high, most).values;
}

}  // namespace

void SpectrogramView::paintEvent(QPaintEvent*) {
    QPainter painter(viewport());
    const ThemeColors& colors = themeColors(palette());
    painter.fillRect(viewport()->rect(), colors.surface);
    m_bar->setVisible(m_spectrogram != nullptr);
    if (row().empty()) {
        paintPlaceholder(painter, viewport()->rect(), m_placeholder);
    } else {
        paintPicture(painter);
        painter.save();
        painter.setClipRect(plotRect().adjusted(0, -4, 0, 6));
        paintSelection(painter);
        paintCursor(painter);
        painter.restore();
        paintFrequencyAxis(painter);
        paintTimeAxis(painter);
        paintReadout(painter,
                     {static_cast<double>(plotRect().right()), static_cast<double>(plotRect().top())});
    }
    if (hasFocus())
        paintFocusFrame(painter, viewport()->rect());
}

void SpectrogramView::paintPicture(QPainter& painter) {
    const QRect plot = plotRect();
    if (!m_spectrogram) {
        paintPlaceholder(painter, plot, tr("Computing …"));
        return;
    }
    const SpectrogramFrame wanted = frame();
    const QSize size = (QSizeF(plot.size()) * deviceRatio(painter)).toSize();
    if (m_picture.size() != size || m_pictured != wanted) {
        m_picture = spectrogramImage(*m_spectrogram, wanted, size);
        m_pictured = wanted;
    }
    m_bar->setMap(m_colors, WindowLevel::fromRange(wanted.lowDecibels, wanted.highDecibels), tr("dB"));
    painter.drawImage(QRectF(plot), m_picture);
}

void SpectrogramView::paintFrequencyAxis(QPainter& painter) const {
    const ThemeColors& colors = themeColors(palette());
    const QRect plot = plotRect();
    const int line = fontMetrics().height();
    const SpectrogramFrame shown = frame();
    const bool kilo = shown.highest * rate() >= 4000;
    const double unit = kilo ? 1000 : 1;
    const double low = shown.lowest * rate() / unit, high = shown.highest * rate() / unit;
    const QString name = !timeAxis().inSeconds ? tr("1/sample") : kilo ? tr("kHz") : tr("Hz");
    double free = plot.bottom() + line;  // above here nothing is written yet
    for (const double value :
         frequencyTicks(low, high, m_logFrequency, std::max(2, plot.height() / (2 * line)))) {
        const double y = yOf(value * unit);
        painter.setPen(colors.border);
        painter.drawLine(QPointF(plot.left() - 4, y), QPointF(plot.left(), y));
        const double top =
            std::clamp(y - line / 2.0, static_cast<double>(plot.top()), plot.bottom() - line + 1.0);
        if (top + line > free)
            continue;
        free = top;
        painter.setPen(colors.mutedText);
        painter.drawText(QRectF(0, top, plot.left() - 6, line), Qt::AlignRight | Qt::AlignVCenter,
                         QString::number(value, 'g', 4));
    }
    painter.setPen(colors.border);
    painter.drawLine(plot.topLeft(), plot.bottomLeft());
    painter.setPen(colors.mutedText);
    painter.drawText(QRect(3, plot.bottom() + 6, plot.left(), line), Qt::AlignLeft | Qt::AlignVCenter, name);
}

}  // namespace denoscope
