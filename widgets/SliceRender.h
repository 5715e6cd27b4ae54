// SPDX-License-Identifier: GPL-3.0-or-later
// One slice of a volume as a picture.
#pragma once

#include <QImage>

#include "widgets/SliceView.h"

namespace denoscope {

// columns x rows pixels, one for each voxel. Values that are not finite get their own colour.
QImage renderSlice(const Volume& volume, const SlicePlane& plane, int slice, const WindowLevel& window,
                   const ColorTable& table, QRgb notFinite);

}  // namespace denoscope
