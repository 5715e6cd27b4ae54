// SPDX-License-Identifier: GPL-3.0-or-later
// Inside SliceView: one of its three panes. Turns mouse and keys into changes of the view's crosshair, window
// and zoom, and paints a picture that was made when one of them changed.
#pragma once

#include <QImage>
#include <QWidget>

#include "widgets/SliceView.h"
#include "widgets/ViewTransform.h"

namespace denoscope {

class SlicePane : public QWidget {
    Q_OBJECT

public:
    SlicePane(SliceView& view, Plane plane);

    const SlicePlane& geometryOfSlice() const { return m_slicePlane; }
    const QImage& picture() const { return m_picture; }
    int slice() const;
    QSizeF contentSize() const;                    // mm
    QPointF positionOf(const Voxel& voxel) const;  // of its centre, in the widget
    Voxel voxelUnder(QPointF position) const;      // on the present slice, clamped into the volume

    void setSlicePlane(const SlicePlane& plane);
    void render();
    double fittingScale() const;  // pixels per mm
    void fit(double scale);
    void zoomAt(QPointF position, double factor);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    enum class Drag { None, Crosshair, Window, Pan };

    void moveCursor(int column, int row, int slice);
    void paintOverlay(QPainter& painter) const;
    QString title() const;

    SliceView& m_view;
    Plane m_plane;
    SlicePlane m_slicePlane;
    QImage m_picture;
    ViewTransform m_transform;  // mm to logical pixels
    Drag m_drag = Drag::None;
    QPointF m_dragFrom;
    int m_wheelRest = 0;  // of fine wheels: less than a slice's worth of turn
};

}  // namespace denoscope
