// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <memory>

#include "engine/data/Dataset.h"

namespace denoscope {

// Every axial slice of every volume as an image (C, H, W), from the feet upwards, whatever axis of the array
// that is. Shown as in radiology: the front on top, the patient's right on the left. Oblique volumes are cut
// along their own nearest axis; nothing is resampled. Each keeps its place in the world. Throws EngineError
// for data that are no volumes.
std::shared_ptr<const Dataset> slicesOf(std::shared_ptr<const Dataset> volumes);

}  // namespace denoscope
