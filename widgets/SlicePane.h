// SPDX-License-Identifier: GPL-3.0-or-later
// Inside SliceView: one of its three panes. Turns mouse and keys into changes of the view's scene, and paints
// its plane. Values are sampled when the position changed and coloured when the window did, once for each
// repaint.
#pragma once

#include <QImage>
#include <QWidget>
#include <cmath>
#include <optional>
#include <vector>

#include "widgets/SliceScene.h"
#include "widgets/ViewTransform.h"

namespace denoscope {

class SliceView;

class SlicePane : public QWidget {
    Q_OBJECT

public:
    SlicePane(SliceView& view, Plane plane);

    Plane plane() const { return m_plane; }
    QString title() const;
    const SliceGrid& grid() const { return m_grid; }
    const SliceValues& values();  // of the first volume, sampled when they are asked for
    const QImage& picture();      // one pixel for each of the grid's
    double depth() const;         // the slice under the crosshair; a whole number unless oblique
    int slice() const { return static_cast<int>(std::lround(depth())); }
    QSizeF contentSize() const;                               // mm
    QPointF positionOf(const Point& voxel) const;             // in the widget
    Point pointUnder(QPointF position) const;                 // on the present slice, within its pixels
    std::optional<Point> voxelUnder(QPointF position) const;  // none beside the pixels

    void setGrid(const SliceGrid& grid);
    void resample();  // before the next painting
    void recolor();
    double fittingScale() const;  // pixels per mm
    void fit(double scale);
    void zoomAt(QPointF position, double factor);
    void panBy(QPointF pixels);
    bool isShown(const Measurement& measurement) const;  // lies on the present slice
    void paintSlice(QPainter& painter);                  // all but the frame of the focus

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    static constexpr double margin = 14;  // for the orientation letters
    enum class Drag { None, Crosshair, Window, Pan, Turn, Measure };
    struct Handle {  // an end of a measurement
        std::size_t measurement;
        bool isEnd;
    };

    const SliceScene& scene() const;
    Drag dragOf(const QMouseEvent& event) const;
    void moveCursor(int columns, int rows, int slices);
    std::optional<Handle> handleAt(QPointF position) const;
    void beginMeasuring(QPointF position);
    void dragHandle(QPointF position);
    bool editByKey(int key);
    bool moveByKey(int key);

    QPointF pixelOf(const Point& voxel) const;  // of the picture; centres at whole numbers
    QString caption() const;
    void paintCrosshair(QPainter& painter) const;
    std::vector<QRectF> paintLetters(QPainter& painter) const;  // where they stand
    // As long as there is room for it; a projection is never left unsaid.
    void paintTitle(QPainter& painter, std::vector<QRectF>& taken) const;
    QString textOfMeasured(const Measurement& measurement);
    // Its label stands clear of what is `taken`, where that is possible, and joins it.
    void paintMeasurement(QPainter& painter, const Measurement& measurement, std::vector<QRectF>& taken);

    SliceView& m_view;
    Plane m_plane;
    SliceGrid m_grid;
    SliceValues m_values, m_overlayValues;
    QImage m_picture;
    bool m_valuesAreOld = true, m_pictureIsOld = true;
    ViewTransform m_transform;  // mm to logical pixels
    Drag m_drag = Drag::None;
    QPointF m_pressed, m_dragFrom;
    bool m_dragged = false;  // since the press
    Handle m_handle{};
    int m_wheelRest = 0;  // of fine wheels: less than a slice's worth of turn
};

}  // namespace denoscope
