// SPDX-License-Identifier: GPL-3.0-or-later
// Where three slices lie side by side.
#pragma once

#include <QRect>
#include <QSizeF>
#include <array>

namespace denoscope {

// Of a row, a column, and one large pane beside or above two others: the arrangement that shows all three at
// the largest common scale. `content` in mm.
std::array<QRect, 3> arrangePanes(const QRect& area, const std::array<QSizeF, 3>& content, int gap);

// Two by two: the first three as above, in reading order first, third, second, and a place for a fourth view,
// a third as wide and as high as the area at least.
std::array<QRect, 4> arrangeFour(const QRect& area, const std::array<QSizeF, 3>& content, int gap);

}  // namespace denoscope
