// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SlicePane.h"

#include <QResizeEvent>
#include <algorithm>
#include <cmath>

#include "widgets/SliceView.h"

namespace denoscope {

SlicePane::SlicePane(SliceView& view, Plane plane) : QWidget(&view), m_view(view), m_plane(plane) {
    setFocusPolicy(Qt::StrongFocus);
    setContextMenuPolicy(
        Qt::PreventContextMenu);  // the right button sets the window; unmoved, it opens the menu
    setCursor(Qt::CrossCursor);
    setMouseTracking(true);
    setAccessibleName(title());
}

const SliceScene& SlicePane::scene() const {
    return m_view.scene();
}

QString SlicePane::title() const {
    return m_plane == Plane::Axial ? tr("Axial") : m_plane == Plane::Coronal ? tr("Coronal") : tr("Sagittal");
}

double SlicePane::depth() const {
    const double slice = m_grid.positionOf(scene().cursor)[2];
    return m_grid.oblique ? slice : std::round(slice);
}

QSizeF SlicePane::contentSize() const {
    return {m_grid.columns * m_grid.columnSpacing, m_grid.rows * m_grid.rowSpacing};
}

QPointF SlicePane::pixelOf(const Point& voxel) const {
    const Point position = m_grid.positionOf(voxel);
    return {position[0], position[1]};
}

QPointF SlicePane::positionOf(const Point& voxel) const {
    const QPointF pixel = pixelOf(voxel);
    return m_transform.toView(
        QPointF((pixel.x() + 0.5) * m_grid.columnSpacing, (pixel.y() + 0.5) * m_grid.rowSpacing));
}

Point SlicePane::pointUnder(QPointF position) const {
    const QPointF mm = m_transform.toContent(position);
    const double column = std::clamp(mm.x() / m_grid.columnSpacing - 0.5, -0.5, m_grid.columns - 0.5);
    const double row = std::clamp(mm.y() / m_grid.rowSpacing - 0.5, -0.5, m_grid.rows - 0.5);
    return m_grid.voxelAt(column, row, depth());
}

std::optional<Point> SlicePane::voxelUnder(QPointF position) const {
    if (!m_transform.toView(QRectF(QPointF(), contentSize())).contains(position))
        return std::nullopt;
    return pointOf(nearestVoxel(pointUnder(position)));
}

void SlicePane::setGrid(const SliceGrid& grid) {
    m_grid = grid;
    resample();
}

void SlicePane::resample() {
    m_valuesAreOld = true;
    recolor();
}

void SlicePane::recolor() {
    m_pictureIsOld = true;
    update();
}

const SliceValues& SlicePane::values() {
    if (m_valuesAreOld && scene().volume) {
        const Volume& volume = *scene().volume;
        sampleSlice(m_values, volume, m_grid, depth(), scene().slab);
        if (scene().overlay) {
            const Volume& overlay = *scene().overlay;
            sampleSlice(m_overlayValues, overlay, onto(m_grid, gridAffine(volume), gridAffine(overlay)),
                        depth(), scene().slab, scene().interpolated ? Sampling::Linear : Sampling::Nearest);
        }
        m_valuesAreOld = false;
    }
    return m_values;
}

const QImage& SlicePane::picture() {
    if (!scene().volume)
        m_picture = {};
    else if (m_pictureIsOld) {
        const SliceValues& slice = values();
        m_picture = scene().overlay ? renderSlice(slice, scene().colors, m_overlayValues, scene().overlayLook)
                                    : renderSlice(slice, scene().colors);
    }
    m_pictureIsOld = false;
    return m_picture;
}

double SlicePane::fittingScale() const {
    const QRectF room = QRectF(rect()).adjusted(margin, margin, -margin, -margin);
    return ViewTransform::fitting(contentSize(), room).scale;
}

void SlicePane::fit(double scale) {
    const QSizeF size = contentSize() * scale;
    m_transform = {scale, QRectF(rect()).center() - QPointF(size.width() / 2, size.height() / 2)};
    update();
}

void SlicePane::zoomAt(QPointF position, double factor) {
    m_transform = m_transform.zoomedAt(position, factor, 0.05, 500);
    update();
}

void SlicePane::panBy(QPointF pixels) {
    m_transform = m_transform.panned(pixels);
    update();
}

bool SlicePane::isShown(const Measurement& measurement) const {
    const auto isHere = [&](const Point& end) { return std::abs(m_grid.positionOf(end)[2] - depth()) < 0.5; };
    return measurement.plane == m_plane && isHere(measurement.from) && isHere(measurement.to);
}

void SlicePane::resizeEvent(QResizeEvent* event) {
    const QSizeF change = QSizeF(event->size()) - QSizeF(event->oldSize());
    m_transform = m_transform.panned({change.width() / 2, change.height() / 2});
}

}  // namespace denoscope
