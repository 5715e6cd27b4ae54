// SPDX-License-Identifier: GPL-3.0-or-later
// Data made for looking at widgets: no file is needed, and every run shows the same.
#pragma once

#include <memory>
#include <vector>

#include "widgets/ImageGrid.h"
#include "widgets/SliceView.h"
#include "widgets/WaveformView.h"

namespace denoscope {

std::vector<double> lossCurve(int points);
std::vector<GridImage> ringImages(int count, int side);
QImage colorImage(int side);
Signal chirp(int channels, int length, double rate);
std::shared_ptr<const Volume>
headPhantom();  // ellipsoids in Hounsfield-like units, a small sphere on the right side

}  // namespace denoscope
