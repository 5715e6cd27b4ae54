// SPDX-License-Identifier: GPL-3.0-or-later
#include <QGuiApplication>
#include <QKeyEvent>
#include <QLineF>
#include <QStyleHints>
#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

#include "widgets/SlicePane.h"
#include "widgets/SliceView.h"

namespace denoscope {

namespace {

constexpr double handleReach = 8;  // pixels

double degreesAbout(QPointF centre, QPointF position) {  // clockwise
    const QPointF d = position - centre;
    return std::atan2(d.y(), d.x()) * 180 / std::numbers::pi;
}

}  // namespace

SlicePane::Drag SlicePane::dragOf(const QMouseEvent& event) const {
    if (event.button() == Qt::RightButton)
        return Drag::Window;
    if (event.button() == Qt::MiddleButton)
        return Drag::Pan;
    if (event.button() != Qt::LeftButton)
        return Drag::None;
    if (event.modifiers().testFlag(Qt::ShiftModifier))
        return Drag::Window;
    if (event.modifiers().testFlag(Qt::AltModifier))
        return m_view.isFlat() ? Drag::Pan : Drag::Turn;
    switch (scene().tool) {
        case SliceTool::Crosshair:
            return Drag::Crosshair;
        case SliceTool::Window:
            return Drag::Window;
        case SliceTool::Pan:
            return Drag::Pan;
        case SliceTool::Turn:
            return m_view.isFlat() ? Drag::Pan : Drag::Turn;
        case SliceTool::Ruler:
        case SliceTool::Ellipse:
        case SliceTool::Rectangle:
            break;
    }
    return Drag::Measure;
}

void SlicePane::mousePressEvent(QMouseEvent* event) {
    if (!scene().volume || m_drag != Drag::None)
        return;
    m_pressed = m_dragFrom = event->position();
    m_dragged = false;
    m_drag = dragOf(*event);
    if (m_drag == Drag::Crosshair)
        m_view.setCursorPoint(pointUnder(event->position()), m_grid.oblique);
    else if (m_drag == Drag::Measure)
        beginMeasuring(event->position());
}

void SlicePane::mouseMoveEvent(QMouseEvent* event) {
    const QPointF before = m_dragFrom, now = event->position();
    if (m_view.isFlat())
        m_view.setPointer(voxelUnder(now));
    m_dragFrom = now;
    m_dragged =
        m_dragged || QLineF(m_pressed, now).length() >= QGuiApplication::styleHints()->startDragDistance();
    switch (m_drag) {
        case Drag::Crosshair:
            return m_view.setCursorPoint(pointUnder(now), m_grid.oblique);
        case Drag::Window: {
            if (!m_dragged)
                return;  // the right button may still mean the menu
            const QPointF moved = now - before;
            const WindowLevel wanted = m_view.window().dragged(moved.x(), moved.y());
            return m_view.setWindow(wanted.center, wanted.width);
        }
        case Drag::Pan:
            m_view.keepZoom();
            return panBy(now - before);
        case Drag::Turn: {
            const QPointF centre = positionOf(scene().cursor);
            const double degrees = degreesAbout(centre, now) - degreesAbout(centre, before);
            return m_view.setRotation(
                turnedInPlane(scene().rotation, m_plane, scene().radiological, degrees));
        }
        case Drag::Measure:
            return dragHandle(now);
        case Drag::None:
            return;
    }
}

void SlicePane::mouseReleaseEvent(QMouseEvent* event) {
    const Drag ended = std::exchange(m_drag, Drag::None);
    if (ended == Drag::Measure && m_handle.measurement < scene().measurements.size()) {
        const Measurement& drawn = scene().measurements[m_handle.measurement];
        if (QLineF(positionOf(drawn.from), positionOf(drawn.to)).length() < 3)
            m_view.removeMeasurement(m_handle.measurement);  // a click, not a drag
    }
    if (event->button() == Qt::RightButton && !m_dragged)
        m_view.openMenu(event->globalPosition().toPoint());
}

void SlicePane::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton && scene().tool == SliceTool::Crosshair)
        m_view.resetView();
}

std::optional<SlicePane::Handle> SlicePane::handleAt(QPointF position) const {
    for (std::size_t i = scene().measurements.size(); i-- > 0;) {  // the newest lies on top
        const Measurement& measurement = scene().measurements[i];
        if (!isShown(measurement))
            continue;
        for (const bool isEnd : {true, false})
            if (QLineF(positionOf(isEnd ? measurement.to : measurement.from), position).length() <
                handleReach)
                return Handle{i, isEnd};
    }
    return std::nullopt;
}

void SlicePane::beginMeasuring(QPointF position) {
    if (const auto handle = handleAt(position)) {
        m_handle = *handle;
        return;
    }
    const Point point = pointUnder(position);
    m_handle = {m_view.addMeasurement({*shapeOf(scene().tool), m_plane, point, point}), true};
}

void SlicePane::dragHandle(QPointF position) {
    if (m_handle.measurement >= scene().measurements.size())
        return;
    Measurement measurement = scene().measurements[m_handle.measurement];
    (m_handle.isEnd ? measurement.to : measurement.from) = pointUnder(position);
    m_view.changeMeasurement(m_handle.measurement, measurement);
}

void SlicePane::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!scene().volume)
        return;
    const int turn = event->angleDelta().y();
    if (m_view.isFlat() || event->modifiers().testFlag(Qt::ControlModifier))
        return m_view.zoomBy(std::exp2(turn / 360.0), this, event->position());
    m_wheelRest += turn;
    const int steps = m_wheelRest / 120;
    m_wheelRest -= steps * 120;
    moveCursor(0, 0, steps);
}

void SlicePane::moveCursor(int columns, int rows, int slices) {
    if (!scene().volume)
        return;
    const Point here = m_grid.positionOf(scene().cursor);
    const auto moved = [](double from, int by, int count) { return std::clamp(from + by, 0.0, count - 1.0); };
    const double column = moved(here[0], columns, m_grid.columns), row = moved(here[1], rows, m_grid.rows);
    m_view.setCursorPoint(m_grid.voxelAt(column, row, moved(here[2], slices, m_grid.slices)), m_grid.oblique);
}

void SlicePane::keyPressEvent(QKeyEvent* event) {
    if (!moveByKey(event->key()) && !editByKey(event->key()))
        QWidget::keyPressEvent(event);
}

bool SlicePane::moveByKey(int key) {
    const auto zoom = [this](double factor) {
        if (scene().volume)
            m_view.zoomBy(factor, this, positionOf(scene().cursor));
    };
    switch (key) {
        case Qt::Key_Left:
            moveCursor(-1, 0, 0);
            return true;
        case Qt::Key_Right:
            moveCursor(1, 0, 0);
            return true;
        case Qt::Key_Up:
            moveCursor(0, -1, 0);
            return true;
        case Qt::Key_Down:
            moveCursor(0, 1, 0);
            return true;
        case Qt::Key_PageUp:
            moveCursor(0, 0, 1);
            return true;
        case Qt::Key_PageDown:
            moveCursor(0, 0, -1);
            return true;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            zoom(1.25);
            return true;
        case Qt::Key_Minus:
            zoom(0.8);
            return true;
        default:
            return false;
    }
}

bool SlicePane::editByKey(int key) {
    switch (key) {
        case Qt::Key_Home:
            m_view.resetView();
            return true;
        case Qt::Key_Space:
            m_view.setCine(!m_view.isCinePlaying());
            return true;
        case Qt::Key_F:
            if (!m_view.isFlat())
                m_view.enlarge(m_view.enlarged() == this ? nullptr : this);
            return true;
        case Qt::Key_I:
            m_view.setInterpolated(!scene().interpolated);
            return true;
        case Qt::Key_X:
            m_view.setCrosshairShown(!scene().crosshairShown);
            return true;
        case Qt::Key_Escape:
            m_view.setTool(SliceTool::Crosshair);
            return true;
        case Qt::Key_Delete:
        case Qt::Key_Backspace:
            if (!scene().measurements.empty())
                m_view.removeMeasurement(scene().measurements.size() - 1);
            return true;
        case Qt::Key_Menu:
            m_view.openMenu(mapToGlobal(rect().center()));
            return true;
        default:
            return false;
    }
}

void SlicePane::leaveEvent(QEvent*) {
    m_view.setPointer(std::nullopt);
}

void SlicePane::focusInEvent(QFocusEvent*) {
    m_view.setActivePane(this);
    update();
}

void SlicePane::focusOutEvent(QFocusEvent*) {
    update();
}

}  // namespace denoscope
