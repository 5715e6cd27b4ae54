// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/GridLayout.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

int GridLayout::columns() const {
    return std::max(1, (width - spacing) / cellWidth());
}

int GridLayout::left() const {
    const int rest = width - spacing - columns() * cellWidth();
    return spacing + (count >= columns() ? std::max(0, rest / 2) : 0);
}

int GridLayout::rows() const {
    return (count + columns() - 1) / columns();
}

int GridLayout::contentHeight() const {
    return count > 0 ? spacing + rows() * cellHeight() : 0;
}

QRect GridLayout::cell(int index) const {
    const int column = index % columns();
    const int row = index / columns();
    return {left() + column * cellWidth(), spacing + row * cellHeight(), thumbnail,
            thumbnail + captionHeight};
}

QRect GridLayout::box(int index) const {
    return {cell(index).topLeft(), QSize(thumbnail, thumbnail)};
}

int GridLayout::indexAt(QPoint point) const {
    if (point.x() < left() || point.y() < spacing)
        return -1;
    const int column = (point.x() - left()) / cellWidth();
    const int row = (point.y() - spacing) / cellHeight();
    const int index = row * columns() + column;
    return column < columns() && index < count && cell(index).contains(point) ? index : -1;
}

int GridLayout::firstVisible(int top) const {
    const int row = std::max(0, top - spacing) / cellHeight();
    return std::min(row * columns(), count);
}

int GridLayout::lastVisible(int bottom) const {
    const int row = std::max(0, bottom - spacing) / cellHeight();
    return std::min((row + 1) * columns(), count) - 1;
}

int GridLayout::moved(int from, int right, int down) const {
    if (count == 0)
        return -1;
    const int target = from + right + down * columns();
    if (down > 0 && target >= count) {  // the last row may be shorter than the column we come from
        const bool inLastRow = from / columns() == rows() - 1;
        return inLastRow ? from : count - 1;
    }
    return target < 0 || target >= count ? from : target;
}

int largestFittingThumbnail(GridLayout layout, QSize viewport, int smallest, int largest) {
    layout.width = viewport.width();
    for (layout.thumbnail = largest; layout.thumbnail > smallest; --layout.thumbnail) {
        const bool wideEnough = layout.cellWidth() + layout.spacing <= viewport.width();
        if (wideEnough && layout.contentHeight() <= viewport.height())
            break;
    }
    return layout.thumbnail;
}

int wholeMultiple(int thumbnail, int side) {
    return side > 0 && side <= thumbnail ? thumbnail / side * side : thumbnail;
}

QSize drawnSize(QSize image, int boxInDevicePixels) {
    if (image.isEmpty())
        return {0, 0};
    const int side = std::max(image.width(), image.height());
    if (side <= boxInDevicePixels)
        return image * (boxInDevicePixels / side);
    return image.scaled(boxInDevicePixels, boxInDevicePixels, Qt::KeepAspectRatio).expandedTo({1, 1});
}

}  // namespace denoscope
