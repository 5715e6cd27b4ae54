// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ViewTransform.h"

#include <algorithm>

namespace denoscope {

ViewTransform ViewTransform::zoomedAt(QPointF view, double factor, double smallest, double largest) const {
    const double wanted = std::clamp(scale * factor, smallest, largest);
    return {wanted, view - (view - offset) * (wanted / scale)};
}

ViewTransform ViewTransform::fitting(QSizeF content, const QRectF& view) {
    if (content.isEmpty() || view.isEmpty())
        return {1, view.topLeft()};
    const double scale = std::min(view.width() / content.width(), view.height() / content.height());
    const QSizeF size = content * scale;
    return {scale, view.center() - QPointF(size.width() / 2, size.height() / 2)};
}

}  // namespace denoscope
