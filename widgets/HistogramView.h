// SPDX-License-Identifier: GPL-3.0-or-later
// How often each value occurs, with optional handles that mark a window of values. Handles are dragged, or
// moved with Left and Right (Space switches between them); the button or L shows counts on a logarithmic
// scale.
#pragma once

#include <QWidget>
#include <array>

#include "widgets/Histogram.h"

class QToolButton;

namespace denoscope {

class HistogramView : public QWidget {
    Q_OBJECT

public:
    explicit HistogramView(QWidget* parent = nullptr);

    void setHistogram(Histogram histogram);
    const Histogram& histogram() const { return m_histogram; }
    void setUnit(const QString& unit);  // of the values
    void setPlaceholder(const QString& sentence);

    void setHandlesVisible(bool visible);
    void setHandlesMovable(bool movable);  // by the person; true at first
    void setHandles(double low, double high);
    double lowHandle() const { return m_handles[0]; }
    double highHandle() const { return m_handles[1]; }
    bool logCounts() const { return m_logCounts; }

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void setLogCounts(bool on);

Q_SIGNALS:
    void handlesMoved(double low, double high);  // by the person

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    QRectF plotRect() const;
    double xOf(double value) const;
    double valueAt(double x) const;
    void moveHandle(int handle, double value);
    void paintBars(QPainter& painter, const QRectF& plot) const;
    void paintAxis(QPainter& painter, const QRectF& plot) const;
    void paintHandles(QPainter& painter, const QRectF& plot) const;

    Histogram m_histogram;
    std::array<double, 2> m_handles{0, 1};
    bool m_handlesVisible = false;
    bool m_handlesMovable = true;
    bool m_logCounts = false;
    int m_active = 0;
    bool m_dragging = false;
    int m_hoverBin = -1;
    QString m_unit;
    QString m_placeholder;
    QToolButton* m_logButton = nullptr;
};

}  // namespace denoscope
