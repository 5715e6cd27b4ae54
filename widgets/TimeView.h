// SPDX-License-Identifier: GPL-3.0-or-later
// What every view over a time axis shares: the visible part, a selection, a cursor, the ruler below the plot,
// and the mouse and keys that move them. Wheel zooms at the mouse, drag or Shift+wheel pans, double click or
// Home fits; dragging on the ruler or with Shift selects, Z zooms to the selection, Esc clears it; a click
// places the cursor, Ctrl+Left/Right move it, Shift+Left/Right select from it. Ctrl+wheel zooms the vertical
// axis.
#pragma once

#include <QAbstractScrollArea>
#include <optional>

#include "widgets/TimeAxis.h"
#include "widgets/TimeRange.h"

namespace denoscope {

class TimeView : public QAbstractScrollArea {
    Q_OBJECT

public:
    explicit TimeView(QWidget* parent = nullptr);

    TimeRange wholeRange() const { return m_whole; }
    TimeRange visibleRange() const { return m_visible; }  // in seconds, or in samples where a rate is unknown
    void setVisibleRange(TimeRange range);
    std::optional<TimeRange> selection() const { return m_selection; }
    void setSelection(std::optional<TimeRange> range);  // an empty range is none
    std::optional<double> cursorTime() const { return m_cursor; }
    void setCursorTime(std::optional<double> time);
    const TimeAxis& timeAxis() const { return m_axis; }
    void setTimeFormat(TimeFormat format);
    void setRightMargin(int pixels);  // beside the plot, so that views below each other line up
    QString readout() const { return m_readout; }
    virtual QRect plotRect() const;  // where times are drawn, in viewport coordinates
    double timeAt(double x) const;
    double xAt(double time) const;

public Q_SLOTS:
    void fitAll();
    void zoomToSelection();
    void clearSelection();

Q_SIGNALS:
    void visibleRangeChanged();
    void selectionChanged();
    void cursorPlaced(double time);  // by the person
    void readoutChanged(const QString& text);

protected:
    void setTimes(TimeRange whole, bool inSeconds,
                  double sampleRate);  // keeps the zoom when `whole` is the same
    virtual double shortestRange() const = 0;
    virtual QString readoutAt(QPointF position) = 0;  // of the mouse; empty: nothing there
    virtual void leaveReadout() {}
    virtual void zoomValues(double factor, QPointF at) = 0;  // below 1 zooms in
    virtual void fitValues() = 0;
    void updateReadout();
    int leftMargin() const;  // room for numbers

    void paintTimeAxis(QPainter& painter) const;
    void paintSelection(QPainter& painter) const;
    void paintCursor(QPainter& painter) const;
    void paintReadout(QPainter& painter, QPointF topRight) const;

    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void changeEvent(QEvent* event) override;
    bool viewportEvent(QEvent* event) override;

private:
    enum class Drag { None, Pan, Select };
    bool onRuler(QPointF position) const;
    double selectionAnchor(QPointF position) const;
    void moveCursor(double by, bool select);

    TimeAxis m_axis;
    TimeRange m_whole;
    TimeRange m_visible;
    std::optional<TimeRange> m_selection;
    std::optional<double> m_cursor;
    Drag m_drag = Drag::None;
    QPointF m_pressed;
    QPointF m_dragFrom;
    bool m_moved = false;  // since the button was pressed
    double m_anchor = 0;   // the end of the selection that stays
    std::optional<QPointF> m_hover;
    QString m_readout;
    int m_rightMargin = 8;
};

}  // namespace denoscope
