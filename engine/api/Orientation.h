// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/api/Array.h"

namespace denoscope {

// Where the axes W, H, D of a volume run to, e.g. "RAS", "LPI": right or left, anterior or posterior,
// superior or inferior, each once. Of an oblique volume the nearest; empty where the affine cannot be
// inverted.
std::string orientationLetters(const Geometry& geometry);

// Whether an image's file says how it lies in the patient: others have its pixels along the axes.
bool liesInPatient(const Geometry& geometry);

}  // namespace denoscope
