// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SlicePane.h"

#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "widgets/Painting.h"
#include "widgets/SliceRender.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr double margin = 14;  // for the orientation letters

// Slices lie on black in both themes, as their window does; what is written over them takes the dark theme's
// colours.
const ThemeColors& overlayColors() {
    return themeColors(ThemeKind::Dark);
}

}  // namespace

SlicePane::SlicePane(SliceView& view, Plane plane) : QWidget(&view), m_view(view), m_plane(plane) {
    setFocusPolicy(Qt::StrongFocus);
    setContextMenuPolicy(Qt::PreventContextMenu);  // the right button sets the window
    setCursor(Qt::CrossCursor);
    setAccessibleName(title());
}

QString SlicePane::title() const {
    return m_plane == Plane::Axial ? tr("Axial") : m_plane == Plane::Coronal ? tr("Coronal") : tr("Sagittal");
}

int SlicePane::slice() const {
    return m_slicePlane.positionOf(m_view.cursor3d())[2];
}

QSizeF SlicePane::contentSize() const {
    return {m_slicePlane.columns * m_slicePlane.columnSpacing, m_slicePlane.rows * m_slicePlane.rowSpacing};
}

QPointF SlicePane::positionOf(const Voxel& voxel) const {
    const auto [column, row, slice] = m_slicePlane.positionOf(voxel);
    return m_transform.toView(
        QPointF((column + 0.5) * m_slicePlane.columnSpacing, (row + 0.5) * m_slicePlane.rowSpacing));
}

Voxel SlicePane::voxelUnder(QPointF position) const {
    const QPointF mm = m_transform.toContent(position);
    const auto index = [](double along, double spacing, int count) {
        return static_cast<int>(std::clamp(std::floor(along / spacing), 0.0, count - 1.0));
    };
    return m_slicePlane.voxelAt(index(mm.x(), m_slicePlane.columnSpacing, m_slicePlane.columns),
                                index(mm.y(), m_slicePlane.rowSpacing, m_slicePlane.rows), slice());
}

void SlicePane::setSlicePlane(const SlicePlane& plane) {
    m_slicePlane = plane;
}

void SlicePane::render() {
    m_picture = m_view.hasVoxels() ? renderSlice(*m_view.volume(), m_slicePlane, slice(), m_view.window(),
                                                 colorTable(m_view.m_colorMap), overlayColors().error.rgb())
                                   : QImage();
    update();
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

void SlicePane::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    painter.fillRect(rect(), Qt::black);
    if (m_picture.isNull())
        return;
    const QRectF target = onDevicePixels(painter, m_transform.toView(QRectF(QPointF(), contentSize())));
    const bool reduced = target.width() * deviceRatio(painter) < m_picture.width();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, reduced);
    painter.drawImage(target, m_picture);
    paintOverlay(painter);
    if (hasFocus())
        paintFocusFrame(painter, rect());
}

void SlicePane::paintOverlay(QPainter& painter) const {
    const ThemeColors& colors = overlayColors();
    const QPointF cross = positionOf(m_view.cursor3d());
    constexpr double gap = 6;  // the voxel itself stays visible
    QColor line = colors.accent;
    line.setAlphaF(0.8F);
    const QRectF free = QRectF(rect()).adjusted(margin + 4, margin + 4, -margin - 4, -margin - 4);
    painter.setClipRect(free);  // the letters stay clear
    const double x = cross.x() - 0.5;
    const double y = cross.y() - 0.5;
    for (const QRectF& part : {QRectF(QPointF(free.left(), y), QPointF(x - gap, y + 1)),
                               QRectF(QPointF(x + gap, y), QPointF(free.right(), y + 1)),
                               QRectF(QPointF(x, free.top()), QPointF(x + 1, y - gap)),
                               QRectF(QPointF(x, y + gap), QPointF(x + 1, free.bottom()))})
        if (part.isValid())
            painter.fillRect(onDevicePixels(painter, part), line);
    painter.setClipping(false);

    const auto label = [&](const QRectF& place, Qt::Alignment alignment, const QString& text) {
        painter.setPen(Qt::black);  // readable over bright tissue, too
        for (const QPointF& shift : {QPointF(1, 1), QPointF(-1, -1), QPointF(1, -1), QPointF(-1, 1)})
            painter.drawText(place.translated(shift), alignment, text);
        painter.setPen(colors.text);
        painter.drawText(place, alignment, text);
    };
    const QRectF inner = QRectF(rect()).adjusted(5, 3, -5, -3);
    label(inner, Qt::AlignLeft | Qt::AlignVCenter, QString(QLatin1Char(m_slicePlane.left)));
    label(inner, Qt::AlignRight | Qt::AlignVCenter, QString(QLatin1Char(m_slicePlane.right)));
    label(inner, Qt::AlignHCenter | Qt::AlignTop, QString(QLatin1Char(m_slicePlane.top)));
    label(inner, Qt::AlignHCenter | Qt::AlignBottom, QString(QLatin1Char(m_slicePlane.bottom)));
    const QString place = tr("%1 %2/%3").arg(title()).arg(slice() + 1).arg(m_slicePlane.slices);
    if (fontMetrics().horizontalAdvance(place) < width() / 2 - 12)
        label(inner, Qt::AlignLeft | Qt::AlignTop, place);
    else
        label(inner, Qt::AlignLeft | Qt::AlignBottom, QString::number(slice() + 1));
}

void SlicePane::resizeEvent(QResizeEvent* event) {
    const QSizeF change = QSizeF(event->size()) - QSizeF(event->oldSize());
    m_transform = m_transform.panned({change.width() / 2, change.height() / 2});
}

void SlicePane::mousePressEvent(QMouseEvent* event) {
    if (!m_view.hasVoxels())
        return;
    m_dragFrom = event->position();
    const bool shift = event->modifiers().testFlag(Qt::ShiftModifier);
    if (event->button() == Qt::RightButton || (event->button() == Qt::LeftButton && shift)) {
        m_drag = Drag::Window;
    } else if (event->button() == Qt::MiddleButton) {
        m_drag = Drag::Pan;
    } else if (event->button() == Qt::LeftButton) {
        m_drag = Drag::Crosshair;
        m_view.setCursor3d(voxelUnder(event->position()));
    }
}

void SlicePane::mouseMoveEvent(QMouseEvent* event) {
    const QPointF moved = event->position() - m_dragFrom;
    m_dragFrom = event->position();
    switch (m_drag) {
        case Drag::Crosshair:
            return m_view.setCursor3d(voxelUnder(event->position()));
        case Drag::Window: {
            const WindowLevel wanted = m_view.window().dragged(moved.x(), moved.y());
            return m_view.setWindow(wanted.center, wanted.width);
        }
        case Drag::Pan:
            m_view.m_fitted = false;
            m_transform = m_transform.panned(moved);
            return update();
        case Drag::None:
            return;
    }
}

void SlicePane::mouseReleaseEvent(QMouseEvent*) {
    m_drag = Drag::None;
}

void SlicePane::mouseDoubleClickEvent(QMouseEvent* event) {
    if (event->button() == Qt::LeftButton)
        m_view.resetView();
}

void SlicePane::wheelEvent(QWheelEvent* event) {
    event->accept();
    if (!m_view.hasVoxels())
        return;
    const int turn = event->angleDelta().y();
    if (event->modifiers().testFlag(Qt::ControlModifier))
        return m_view.zoomBy(std::exp2(turn / 360.0), this, event->position());
    m_wheelRest += turn;
    const int steps = m_wheelRest / 120;
    m_wheelRest -= steps * 120;
    moveCursor(0, 0, steps * m_slicePlane.forward);
}

void SlicePane::moveCursor(int column, int row, int slice) {
    if (!m_view.hasVoxels())
        return;
    const auto [oldColumn, oldRow, oldSlice] = m_slicePlane.positionOf(m_view.cursor3d());
    m_view.setCursor3d(m_slicePlane.voxelAt(std::clamp(oldColumn + column, 0, m_slicePlane.columns - 1),
                                            std::clamp(oldRow + row, 0, m_slicePlane.rows - 1),
                                            std::clamp(oldSlice + slice, 0, m_slicePlane.slices - 1)));
}

void SlicePane::keyPressEvent(QKeyEvent* event) {
    const auto zoom = [this](double factor) {
        if (m_view.hasVoxels())
            m_view.zoomBy(factor, this, positionOf(m_view.cursor3d()));
    };
    switch (event->key()) {
        case Qt::Key_Left:
            return moveCursor(-1, 0, 0);
        case Qt::Key_Right:
            return moveCursor(1, 0, 0);
        case Qt::Key_Up:
            return moveCursor(0, -1, 0);
        case Qt::Key_Down:
            return moveCursor(0, 1, 0);
        case Qt::Key_PageUp:
            return moveCursor(0, 0, m_slicePlane.forward);
        case Qt::Key_PageDown:
            return moveCursor(0, 0, -m_slicePlane.forward);
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return zoom(1.25);
        case Qt::Key_Minus:
            return zoom(0.8);
        case Qt::Key_Home:
            return m_view.resetView();
        default:
            QWidget::keyPressEvent(event);
    }
}

void SlicePane::focusInEvent(QFocusEvent*) {
    update();
}

void SlicePane::focusOutEvent(QFocusEvent*) {
    update();
}

}  // namespace denoscope
