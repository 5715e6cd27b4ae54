// SPDX-License-Identifier: GPL-3.0-or-later
// Two images under one zoom and one value mapping: side by side, with a divider to wipe, as their difference,
// or taking turns. Wheel zooms at the cursor, drag pans (in Wipe the divider, where it is grabbed), double
// click or Home fits. Keys: arrows pan, + and - zoom, Space takes turns by hand, Ctrl+Left and Ctrl+Right
// move the divider.
#pragma once

#include <QWidget>

#include "widgets/ValuePicture.h"
#include "widgets/ZoomPan.h"

class QTimer;

namespace denoscope {

class ImageCompare : public QWidget {
    Q_OBJECT

public:
    enum class Mode { SideBySide, Wipe, Difference, Flicker };

    explicit ImageCompare(QWidget* parent = nullptr);

    void setImages(ValueImage left, ValueImage right);  // keeps zoom where the size stays the same
    void setRange(double low, double high);             // the values from black to white, of both
    void setMode(Mode mode);
    Mode mode() const { return m_mode; }
    void setPlaceholder(const QString& sentence);
    QString placeholder() const { return m_placeholder; }

    double zoom() const { return m_zoom.scale(); }
    double divider() const { return m_divider; }  // share of the width that shows the left image in Wipe
    void setDivider(double share);
    bool showsRight() const { return m_second; }        // in Flicker
    double differenceLimit() const { return m_limit; }  // in Difference: the largest magnitude
    QString readout() const { return m_readout; }

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void fit();
    void swap();  // in Flicker: show the other one

Q_SIGNALS:
    void readoutChanged(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    bool isReady() const { return !m_left.isNull() && !m_right.isNull(); }
    bool canSubtract() const { return isReady() && m_left.sameSize(m_right); }
    QRectF pane(int which) const;    // of Side by side; else all below the captions
    QRectF headOf(int which) const;  // where its caption stands, above it
    double headHeight() const;
    QPointF betweenPanes() const;  // from a place in the first to the same in the second
    QPointF inFirstPane(QPointF position) const;
    void layOut();
    void refreshPictures();
    void refreshDifference();  // only while it is shown
    void updateTimer();
    void updateReadout(QPointF position);
    void paintPicture(QPainter& painter, const QImage& picture, const QRectF& clip, QPointF shift) const;
    void paintCaption(QPainter& painter, const QRectF& area, const QString& text, Qt::Alignment side) const;
    void paintWipe(QPainter& painter) const;
    QString differenceCaption() const;

    ValueImage m_left, m_right;
    double m_low = 0, m_high = 1;
    double m_limit = 0;  // the largest difference
    QImage m_pictures[2];
    QImage m_difference;
    Mode m_mode = Mode::SideBySide;
    ZoomPan m_zoom;
    double m_divider = 0.5;
    bool m_draggingDivider = false;
    bool m_second = false;
    QTimer* m_timer;
    QString m_placeholder;
    QString m_readout;
};

}  // namespace denoscope
