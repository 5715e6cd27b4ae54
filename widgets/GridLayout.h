// SPDX-License-Identifier: GPL-3.0-or-later
// Where the items of a grid lie. Logical pixels, in content coordinates (not scrolled).
#pragma once

#include <QRect>
#include <QSize>

namespace denoscope {

struct GridLayout {
    int count = 0;
    int thumbnail = 96;     // side of the square box
    int captionHeight = 0;  // 0: no captions
    int spacing = 8;
    int width = 0;  // of the viewport

    int cellWidth() const { return thumbnail + spacing; }
    int cellHeight() const { return thumbnail + captionHeight + spacing; }
    int columns() const;
    int left() const;  // of the first column: full rows lie in the middle
    int rows() const;
    int contentHeight() const;
    QRect cell(int index) const;        // box and caption
    QRect box(int index) const;         // the thumbnail's square alone
    int indexAt(QPoint point) const;    // -1: none
    int firstVisible(int top) const;    // of the rows that a viewport from `top` shows
    int lastVisible(int bottom) const;  // -1 when there is none

    // The index reached from `from` by moving columns right and rows down; stays where there is nothing to go
    // to.
    int moved(int from, int right, int down) const;
};

// The largest thumbnail side in [smallest, largest] with which all items fit into the viewport without
// scrolling.
int largestFittingThumbnail(GridLayout layout, QSize viewport, int smallest, int largest);

// `thumbnail` reduced to a whole multiple of `side`, both in device pixels; smaller ones stay.
int wholeMultiple(int thumbnail, int side);

// Size in device pixels at which an image is drawn into a square box: a whole factor when it is enlarged,
// else reduced to fit with its aspect kept (never below one pixel).
QSize drawnSize(QSize image, int boxInDevicePixels);

}  // namespace denoscope
