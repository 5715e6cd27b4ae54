// SPDX-License-Identifier: GPL-3.0-or-later
// Voxels and patients: the affine between them, and which voxel axis runs along which axis of the patient.
// Voxels are (i, j, k) = indices along W, H, D; patient axes are R, A, S (RAS+), in mm.
#pragma once

#include <array>

namespace denoscope {

using Affine = std::array<double, 16>;  // row-major 4 x 4
using Voxel = std::array<int, 3>;
using Point = std::array<double, 3>;  // voxel coordinates (centres at whole numbers), or mm

constexpr Affine identityAffine() {
    return {1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1};
}

enum class Plane { Axial, Coronal, Sagittal };

// The closest axis permutation and flips: voxel axis `voxelAxis[p]` runs along patient axis p (0 = R, 1 = A,
// 2 = S), towards its positive end when sign[p] is +1.
struct AnatomicalAxes {
    std::array<int, 3> voxelAxis{0, 1, 2};
    std::array<int, 3> sign{1, 1, 1};

    bool operator==(const AnatomicalAxes&) const = default;
};

// Of any invertible affine; of others (a file without geometry) the identity.
AnatomicalAxes closestAxes(const Affine& affine);

std::array<double, 3> toPatient(const Affine& affine, const Voxel& voxel);  // mm, RAS+

Point transformed(const Affine& affine, const Point& point);
Point turned(const Affine& affine, const Point& direction);  // without the translation
bool isInvertible(const Affine& affine);                     // false of what is not finite, too
Affine inverseOf(const Affine& affine);                      // of an invertible one

constexpr double dot(const Point& a, const Point& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
constexpr Point cross(const Point& a, const Point& b) {
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}
// a + t b
constexpr Point along(const Point& a, double t, const Point& b) {
    return {a[0] + t * b[0], a[1] + t * b[1], a[2] + t * b[2]};
}
constexpr Point difference(const Point& a, const Point& b) {
    return along(a, -1, b);
}
constexpr Point scaled(const Point& a, double t) {
    return {a[0] * t, a[1] * t, a[2] * t};
}
double lengthOf(const Point& a);
Voxel nearestVoxel(const Point& point);
constexpr Point pointOf(const Voxel& voxel) {
    return {static_cast<double>(voxel[0]), static_cast<double>(voxel[1]), static_cast<double>(voxel[2])};
}

}  // namespace denoscope
