// SPDX-License-Identifier: GPL-3.0-or-later
// The pixels of an anatomical plane through a volume, in the volume's voxel coordinates. Without a rotation
// the planes follow the voxel axes closest to the patient's, and every pixel is a voxel; with one they are
// cut at any angle. Slices are counted towards R, A and S, whatever the storage.
#pragma once

#include <QQuaternion>
#include <QString>

#include "widgets/Volume.h"

namespace denoscope {

struct SliceGrid {
    Point origin{};                                         // centre of pixel (0, 0) of slice 0
    Point right{1, 0, 0}, down{0, 1, 0}, through{0, 0, 1};  // from a pixel, or a slice, to the next
    int columns = 0, rows = 0, slices = 0;
    double columnSpacing = 1, rowSpacing = 1, sliceSpacing = 1;  // mm
    QString leftLetter, rightLetter, topLetter, bottomLetter;    // "R"; "RA" between two directions
    bool oblique = false;                                        // slices need not lie on whole numbers

    Point voxelAt(double column, double row, double slice) const;
    Point positionOf(const Point& voxel) const;  // column, row, slice
};

// The affine of a volume; where that has no inverse, its spacing alone. Where nothing is known but distances,
// one under which the radiological axial plane is the picture as it is stored.
Affine gridAffine(const Volume& volume);
bool sameGrid(const Volume& a, const Volume& b);
// Whether one may take the other's place under the same crosshair: voxel for voxel at the same places, or
// pictures that lie in parallel, as the slices of one volume do.
bool sameView(const Volume& a, const Volume& b);
// Whether places of one are places of the other: both lie in the patient, or their pixels are the same.
bool shareSpace(const Volume& a, const Volume& b);

// Radiological: the patient's right is on the left of axial and coronal planes; sagittal planes show anterior
// on the left in both conventions. The rotation acts on the planes' common frame, whose x, y and z are the
// patient's R, A and S (of the closest voxel axes).
SliceGrid sliceGrid(Plane plane, const Voxel& shape, const Affine& affine, bool radiological,
                    const QQuaternion& rotation = {});
// Of a volume: sides have letters, and a convention, only where it is known how it lies.
SliceGrid sliceGrid(Plane plane, const Volume& volume, bool radiological, const QQuaternion& rotation);

// Counted from L, P and I, so that it is the same place in every storage.
Voxel middleVoxel(const Voxel& shape, const Affine& affine);

// The same pixels in the voxel coordinates of another volume.
SliceGrid onto(const SliceGrid& grid, const Affine& from, const Affine& to);

// The rotation after the picture in this plane was turned clockwise about the crosshair.
QQuaternion turnedInPlane(const QQuaternion& rotation, Plane plane, bool radiological, double degrees);

}  // namespace denoscope
