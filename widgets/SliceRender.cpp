// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceRender.h"

#include <cmath>

namespace denoscope {

QImage renderSlice(const Volume& volume, const SlicePlane& plane, int slice, const WindowLevel& window,
                   const ColorTable& table, QRgb notFinite) {
    QImage image(plane.columns, plane.rows, QImage::Format_RGB32);
    const std::array<std::ptrdiff_t, 3> strides{1, volume.width,
                                                static_cast<std::ptrdiff_t>(volume.width) * volume.height};
    const std::ptrdiff_t along =
        strides[static_cast<std::size_t>(plane.columnAxis)] * (plane.columnFlipped ? -1 : 1);
    for (int row = 0; row < plane.rows; ++row) {
        auto* pixels = reinterpret_cast<QRgb*>(image.scanLine(row));
        const float* value = volume.samples->data() + volume.offset(plane.voxelAt(0, row, slice));
        for (int column = 0; column < plane.columns; ++column) {
            const float v = value[column * along];
            pixels[column] =
                std::isfinite(v) ? table[static_cast<std::size_t>(window.tableIndex(v))] : notFinite;
        }
    }
    return image;
}

}  // namespace denoscope
