// SPDX-License-Identifier: GPL-3.0-or-later
// Where slices lie in the world. DICOM counts its millimetres to the left, the back and the head of the
// patient (LPS+), Denoscope to the right, the front and the head (RAS+).
#pragma once

#include <string>
#include <vector>

#include "engine/data/formats/DicomImage.h"

namespace denoscope {

std::array<double, 3> sliceNormal(const DicomFrame& frame);  // along which slices are ordered
double positionAlong(const std::array<double, 3>& normal, const DicomFrame& frame);  // mm

// Of a slice alone; the third axis follows the normal.
Geometry sliceGeometry(const DicomFrame& frame, double thickness);

// Of slices in ascending order. Uneven gaps, missing slices, slices that are not one above the other are told
// in `notes`; the geometry then has the usual gap.
Geometry stackGeometry(const std::vector<const DicomFrame*>& slices, std::vector<std::string>& notes);

}  // namespace denoscope
