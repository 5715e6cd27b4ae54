// SPDX-License-Identifier: GPL-3.0-or-later
// How the mouse and the keys move a TimeView.
#include <QApplication>
#include <QKeyEvent>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/TimeView.h"

namespace denoscope {

namespace {

constexpr double grip = 5;  // pixels around the end of a selection that take hold of it

}  // namespace

bool TimeView::onRuler(QPointF position) const {
    return position.y() > plotRect().bottom();
}

// Where a selection that begins here stays fixed: at the other end when one of its ends is taken hold of.
double TimeView::selectionAnchor(QPointF position) const {
    if (m_selection && std::abs(position.x() - xAt(m_selection->begin)) <= grip)
        return m_selection->end;
    if (m_selection && std::abs(position.x() - xAt(m_selection->end)) <= grip)
        return m_selection->begin;
    return timeAt(position.x());
}

void TimeView::wheelEvent(QWheelEvent* event) {
    const QPoint turn = event->angleDelta();
    const bool sideways =
        event->modifiers().testFlag(Qt::ShiftModifier) || std::abs(turn.x()) > std::abs(turn.y());
    const double notches = (turn.y() != 0 ? turn.y() : turn.x()) / 120.0;
    if (event->modifiers().testFlag(Qt::ControlModifier))
        zoomValues(std::pow(0.8, notches), event->position());
    else if (sideways)
        setVisibleRange(m_visible.shifted(-0.1 * notches * m_visible.length(), m_whole));
    else
        setVisibleRange(m_visible.zoomed(timeAt(event->position().x()), std::pow(0.8, notches), m_whole,
                                         shortestRange()));
    updateReadout();
    event->accept();
}

void TimeView::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton && event->button() != Qt::MiddleButton)
        return;
    m_pressed = m_dragFrom = event->position();
    m_moved = false;
    const bool select = event->button() == Qt::LeftButton &&
                        (onRuler(m_pressed) || event->modifiers().testFlag(Qt::ShiftModifier));
    m_drag = select ? Drag::Select : Drag::Pan;
    if (select)
        m_anchor = selectionAnchor(m_pressed);
}

void TimeView::mouseMoveEvent(QMouseEvent* event) {
    m_moved = m_moved || (m_drag != Drag::None && (event->position() - m_pressed).manhattanLength() >=
                                                      QApplication::startDragDistance());
    if (m_drag == Drag::Pan) {
        const double share = (event->position().x() - m_dragFrom.x()) / std::max(1, plotRect().width());
        setVisibleRange(m_visible.shifted(-share * m_visible.length(), m_whole));
        m_dragFrom = event->position();
    } else if (m_drag == Drag::Select && m_moved) {
        const double time = std::clamp(timeAt(event->position().x()), m_visible.begin, m_visible.end);
        setSelection(TimeRange{std::min(m_anchor, time), std::max(m_anchor, time)});
    }
    const bool ends = onRuler(event->position()) && m_selection &&
                      selectionAnchor(event->position()) != timeAt(event->position().x());
    viewport()->setCursor(ends                         ? Qt::SplitHCursor
                          : onRuler(event->position()) ? Qt::IBeamCursor
                                                       : Qt::ArrowCursor);
    m_hover = event->position();
    updateReadout();
}

void TimeView::mouseReleaseEvent(QMouseEvent* event) {
    const Drag ended = std::exchange(m_drag, Drag::None);
    if (m_moved || event->button() != Qt::LeftButton || ended == Drag::None)
        return;
    if (ended == Drag::Select && !onRuler(m_pressed)) {
        clearSelection();
        return;
    }
    setCursorTime(timeAt(m_pressed.x()));
    Q_EMIT cursorPlaced(*m_cursor);
}

void TimeView::mouseDoubleClickEvent(QMouseEvent*) {
    fitAll();
}

// By a share of the visible part. `select`: takes the end of the selection along, which begins at the cursor.
void TimeView::moveCursor(double by, bool select) {
    const double from = m_cursor.value_or((m_visible.begin + m_visible.end) / 2);
    const double to = std::clamp(from + by * m_visible.length(), m_whole.begin, m_whole.end);
    if (select) {
        const bool extends = m_selection && (from == m_selection->begin || from == m_selection->end);
        const double anchor = !extends                     ? from
                              : from == m_selection->begin ? m_selection->end
                                                           : m_selection->begin;
        setSelection(TimeRange{std::min(anchor, to), std::max(anchor, to)});
    }
    setCursorTime(to);
    if (to < m_visible.begin || to > m_visible.end)
        setVisibleRange(m_visible.shifted(by * m_visible.length(), m_whole));
    Q_EMIT cursorPlaced(to);
}

void TimeView::keyPressEvent(QKeyEvent* event) {
    const double middle = (m_visible.begin + m_visible.end) / 2;
    const bool select = event->modifiers().testFlag(Qt::ShiftModifier);
    const bool control = event->modifiers().testFlag(Qt::ControlModifier);
    const double direction = event->key() == Qt::Key_Left ? -1 : 1;
    switch (event->key()) {
        case Qt::Key_Left:
        case Qt::Key_Right:
            if (select || control)
                return moveCursor(direction * 0.01, select);
            return setVisibleRange(m_visible.shifted(direction * 0.1 * m_visible.length(), m_whole));
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return setVisibleRange(m_visible.zoomed(middle, 0.8, m_whole, shortestRange()));
        case Qt::Key_Minus:
            return setVisibleRange(m_visible.zoomed(middle, 1.25, m_whole, shortestRange()));
        case Qt::Key_Home:
        case Qt::Key_0:
            return fitAll();
        case Qt::Key_Z:
            return zoomToSelection();
        case Qt::Key_Escape:
            if (m_selection)
                return clearSelection();
            break;
        case Qt::Key_A:
            if (control)
                return setSelection(m_whole);
            break;
        case Qt::Key_Up:
        case Qt::Key_Down:
            if (control)
                return zoomValues(event->key() == Qt::Key_Up ? 0.8 : 1.25, plotRect().center());
            break;
        default:
            break;
    }
    QAbstractScrollArea::keyPressEvent(event);  // Up, Down and pages: the scroll bar
}

void TimeView::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

bool TimeView::viewportEvent(QEvent* event) {
    if (event->type() == QEvent::Leave) {
        m_hover.reset();
        updateReadout();
    }
    if (event->type() == QEvent::FocusIn || event->type() == QEvent::FocusOut)
        viewport()->update();
    return QAbstractScrollArea::viewportEvent(event);
}

}  // namespace denoscope
