// SPDX-License-Identifier: GPL-3.0-or-later
// From a voxel-to-patient affine to three anatomical planes: which voxel axis runs along which side of the
// screen, and in which direction. Voxels are (i, j, k) = indices along W, H, D; patient axes are R, A, S
// (RAS+), in mm.
#pragma once

#include <array>
#include <string>

namespace denoscope {

using Affine = std::array<double, 16>;  // row-major 4 x 4
using Voxel = std::array<int, 3>;

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

// One plane of a volume, as it lies on the screen: columns run right, rows run down.
struct SlicePlane {
    int columnAxis = 0, rowAxis = 1, normalAxis = 2;  // voxel axes
    bool columnFlipped = false, rowFlipped = false;   // the index falls to the right / downwards
    int forward = 1;                                  // step of the index along the normal towards R, A or S
    int columns = 0, rows = 0, slices = 0;
    double columnSpacing = 1, rowSpacing = 1;  // mm
    char left = 'R', right = 'L', top = 'A', bottom = 'P';

    Voxel voxelAt(int column, int row, int slice) const;
    std::array<int, 3> positionOf(const Voxel& voxel) const;  // column, row, slice
};

// shape and spacing along W, H, D. Radiological: the patient's right is on the left of axial and coronal
// planes; sagittal planes show anterior on the left in both conventions.
SlicePlane slicePlane(Plane plane, const Voxel& shape, const std::array<double, 3>& spacing,
                      const AnatomicalAxes& axes, bool radiological);

}  // namespace denoscope
