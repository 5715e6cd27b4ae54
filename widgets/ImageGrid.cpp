// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ImageGrid.h"

#include <QHelpEvent>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>
#include <algorithm>
#include <cmath>
#include <utility>

#include "widgets/Painting.h"
#include "widgets/Theme.h"

namespace denoscope {

namespace {

constexpr int smallestThumbnail = 32;
constexpr int largestThumbnail = 512;
constexpr int largestAutomatic = 256;

}  // namespace

ImageGrid::ImageGrid(QWidget* parent)
    : QAbstractScrollArea(parent), m_placeholder(tr("No images yet.")), m_reduced(256) {
    setFocusPolicy(Qt::StrongFocus);
    setFrameShape(QFrame::NoFrame);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setAccessibleName(tr("Image grid"));
    viewport()->setBackgroundRole(QPalette::Base);
}

QSize ImageGrid::minimumSizeHint() const {
    return {120, 96};
}

QSize ImageGrid::sizeHint() const {
    return {420, 320};
}

void ImageGrid::setItems(std::vector<GridImage> items) {
    const int count = static_cast<int>(items.size());
    const bool captions = std::any_of(items.begin(), items.end(),
                                      [](const GridImage& item) { return !item.caption.isEmpty(); });
    const QSize imageSize = items.empty() ? QSize() : items.front().image.size();
    supply(
        count, [kept = std::move(items)](int index) { return kept[static_cast<std::size_t>(index)]; },
        imageSize, captions);
}

void ImageGrid::setProvider(int count, Provider provider, QSize imageSize) {
    supply(count, std::move(provider), imageSize, true);
}

void ImageGrid::supply(int count, Provider provider, QSize imageSize, bool captions) {
    m_layout.count = count;
    m_provider = std::move(provider);
    m_imageSize = imageSize;
    m_captions = captions;
    if (m_selected >= count)
        m_selected = -1;
    m_visible = {0, -1};  // whoever supplies them has to be told anew
    relayout();
}

void ImageGrid::setThumbnailSize(int size) {
    m_requestedSize = size <= 0 ? 0 : std::clamp(size, smallestThumbnail, largestThumbnail);
    m_reduced.clear();
    relayout();
}

void ImageGrid::setPlaceholder(const QString& sentence) {
    m_placeholder = sentence;
    viewport()->update();
}

void ImageGrid::relayout() {
    m_layout.captionHeight = m_captions ? fontMetrics().height() + 4 : 0;
    m_layout.width = viewport()->width();
    if (m_requestedSize > 0) {
        m_layout.thumbnail = m_requestedSize;
    } else {
        // As if there were no scroll bar: when all items fit, there will be none.
        const QSize whole = maximumViewportSize();
        const int largest = largestFittingThumbnail(m_layout, whole, 64, largestAutomatic);
        const double ratio = devicePixelRatioF();
        const int inDevice = wholeMultiple(static_cast<int>(largest * ratio),
                                           std::max(m_imageSize.width(), m_imageSize.height()));
        m_layout.thumbnail = static_cast<int>(std::ceil(inDevice / ratio));
    }
    verticalScrollBar()->setPageStep(viewport()->height());
    verticalScrollBar()->setSingleStep(std::max(1, m_layout.cellHeight() / 3));
    verticalScrollBar()->setRange(0, std::max(0, m_layout.contentHeight() - viewport()->height()));
    viewport()->update();
    noteVisible();
}

void ImageGrid::noteVisible() {
    const int top = verticalScrollBar()->value();
    const std::pair visible{m_layout.firstVisible(top), m_layout.lastVisible(top + viewport()->height())};
    if (std::exchange(m_visible, visible) != visible)
        Q_EMIT visibleChanged(visible.first, visible.second);
}

void ImageGrid::scrollContentsBy(int dx, int dy) {
    QAbstractScrollArea::scrollContentsBy(dx, dy);
    noteVisible();
}

QRect ImageGrid::itemRect(int index) const {
    return m_layout.cell(index).translated(0, -verticalScrollBar()->value());
}

void ImageGrid::setSelectedIndex(int index) {
    m_selected = index >= 0 && index < m_layout.count ? index : -1;
    if (m_selected >= 0) {
        const QRect cell = m_layout.cell(m_selected).adjusted(0, -m_layout.spacing, 0, m_layout.spacing);
        QScrollBar* bar = verticalScrollBar();
        if (cell.top() < bar->value())
            bar->setValue(cell.top());
        else if (cell.bottom() > bar->value() + viewport()->height())
            bar->setValue(cell.bottom() - viewport()->height());
        setAccessibleDescription(tr("Item %1 of %2 %3")
                                     .arg(m_selected + 1)
                                     .arg(m_layout.count)
                                     .arg(m_provider(m_selected).caption));
    }
    viewport()->update();
}

void ImageGrid::select(int index) {
    if (index < 0 || index >= m_layout.count)
        return;
    const bool changed = index != m_selected;
    setSelectedIndex(index);
    if (changed)
        Q_EMIT selected(index);
}

void ImageGrid::resizeThumbnails(int steps) {
    const double wanted = m_layout.thumbnail * std::pow(1.15, steps);
    setThumbnailSize(std::clamp(static_cast<int>(std::lround(wanted)), smallestThumbnail, largestThumbnail));
    if (m_selected >= 0)
        setSelectedIndex(m_selected);
}

QPixmap ImageGrid::reduced(int index, const QImage& image, const QSize& deviceSize) {
    const Reduced* cached = m_reduced.object(index);
    if (cached && cached->source == image.cacheKey() && cached->pixmap.size() == deviceSize)
        return cached->pixmap;
    const QPixmap pixmap =
        QPixmap::fromImage(image.scaled(deviceSize, Qt::IgnoreAspectRatio, Qt::SmoothTransformation));
    m_reduced.insert(index, new Reduced{image.cacheKey(), pixmap});
    return pixmap;
}

void ImageGrid::paintItem(QPainter& painter, int index) {
    const GridImage item = m_provider(index);
    const QRect box = m_layout.box(index).translated(0, -verticalScrollBar()->value());
    const ThemeColors& colors = themeColors(palette());
    const double ratio = deviceRatio(painter);
    const QSize device = drawnSize(item.image.size(), static_cast<int>(box.width() * ratio));
    if (device.isEmpty()) {
        painter.fillRect(box, colors.grid);
    } else {
        const QSizeF size = QSizeF(device) / ratio;
        const QRectF target(box.center() + QPointF(0.5, 0.5) - QPointF(size.width() / 2, size.height() / 2),
                            size);
        const QPointF corner = onDevicePixels(painter, target).topLeft();
        if (device.width() < item.image.width())
            painter.drawPixmap(QRectF(corner, size), reduced(index, item.image, device),
                               QRectF(QPointF(), QSizeF(device)));
        else
            painter.drawImage(QRectF(corner, size), item.image);
    }
    if (index == m_selected) {
        painter.setPen(QPen(hasFocus() ? colors.accent : colors.mutedText, 2));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(box).adjusted(-2, -2, 2, 2));
    }
    if (m_layout.captionHeight > 0) {
        const QRect line(box.left(), box.bottom() + 3, box.width(), m_layout.captionHeight - 4);
        painter.setPen(index == m_selected ? colors.text : colors.mutedText);
        // The names of files differ at their ends.
        const bool file = item.caption.contains(QLatin1Char('.'));
        painter.drawText(
            line, Qt::AlignHCenter | Qt::AlignVCenter,
            fontMetrics().elidedText(item.caption, file ? Qt::ElideLeft : Qt::ElideMiddle, line.width()));
    }
}

void ImageGrid::paintEvent(QPaintEvent* event) {
    QPainter painter(viewport());
    painter.fillRect(event->rect(), themeColors(palette()).surface);
    if (m_layout.count == 0) {
        paintPlaceholder(painter, viewport()->rect(), m_placeholder);
    } else {
        const int top = verticalScrollBar()->value();
        const int last = m_layout.lastVisible(top + event->rect().bottom());
        for (int index = m_layout.firstVisible(top + event->rect().top()); index <= last; ++index)
            paintItem(painter, index);
    }
    if (hasFocus() && m_selected < 0)
        paintFocusFrame(painter, viewport()->rect());
}

void ImageGrid::resizeEvent(QResizeEvent*) {
    relayout();
}

void ImageGrid::keyPressEvent(QKeyEvent* event) {
    const int from = std::max(m_selected, 0);
    const int page = std::max(1, viewport()->height() / m_layout.cellHeight());
    const auto go = [&](int right, int down) {
        select(m_selected < 0 ? 0 : m_layout.moved(from, right, down));
    };
    switch (event->key()) {
        case Qt::Key_Left:
            return go(-1, 0);
        case Qt::Key_Right:
            return go(1, 0);
        case Qt::Key_Up:
            return go(0, -1);
        case Qt::Key_Down:
            return go(0, 1);
        case Qt::Key_PageUp:
            return select(std::max(from % m_layout.columns(), from - page * m_layout.columns()));
        case Qt::Key_PageDown:
            return select(std::min(m_layout.count - 1, from + page * m_layout.columns()));
        case Qt::Key_Home:
            return select(0);
        case Qt::Key_End:
            return select(m_layout.count - 1);
        case Qt::Key_Return:
        case Qt::Key_Enter:
            if (m_selected >= 0)
                Q_EMIT activated(m_selected);
            return;
        case Qt::Key_Plus:
        case Qt::Key_Equal:
            return resizeThumbnails(1);
        case Qt::Key_Minus:
            return resizeThumbnails(-1);
        case Qt::Key_0:
            return setThumbnailSize(0);
        default:
            QAbstractScrollArea::keyPressEvent(event);
    }
}

void ImageGrid::mousePressEvent(QMouseEvent* event) {
    if (event->button() != Qt::LeftButton)
        return;
    const int index = m_layout.indexAt(event->pos() + QPoint(0, verticalScrollBar()->value()));
    select(index);
    if (m_activateOnClick && index >= 0)
        Q_EMIT activated(index);
}

void ImageGrid::mouseDoubleClickEvent(QMouseEvent* event) {
    const int index = m_layout.indexAt(event->pos() + QPoint(0, verticalScrollBar()->value()));
    if (event->button() == Qt::LeftButton && index >= 0 && !m_activateOnClick)
        Q_EMIT activated(index);
}

void ImageGrid::wheelEvent(QWheelEvent* event) {
    if (event->modifiers().testFlag(Qt::ControlModifier))
        resizeThumbnails(event->angleDelta().y() > 0 ? 1 : -1);
    else
        QAbstractScrollArea::wheelEvent(event);
}

void ImageGrid::changeEvent(QEvent* event) {
    QAbstractScrollArea::changeEvent(event);
    if (event->type() == QEvent::FontChange)
        relayout();
    if (event->type() == QEvent::PaletteChange)
        viewport()->update();
}

void ImageGrid::focusInEvent(QFocusEvent*) {
    viewport()->update();
}

void ImageGrid::focusOutEvent(QFocusEvent*) {
    viewport()->update();
}

bool ImageGrid::viewportEvent(QEvent* event) {
    if (event->type() != QEvent::ToolTip)
        return QAbstractScrollArea::viewportEvent(event);
    const auto* help = static_cast<QHelpEvent*>(event);
    const int index = m_layout.indexAt(help->pos() + QPoint(0, verticalScrollBar()->value()));
    if (index < 0) {
        QToolTip::hideText();
        return true;
    }
    const GridImage item = m_provider(index);
    const QString size = tr("%1 × %2 pixels").arg(item.image.width()).arg(item.image.height());
    QToolTip::showText(help->globalPos(), item.caption.isEmpty() ? size : item.caption + u'\n' + size,
                       viewport());
    return true;
}

}  // namespace denoscope
