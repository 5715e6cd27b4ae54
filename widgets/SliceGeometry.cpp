// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceGeometry.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

namespace {

double entry(const Affine& affine, int row, int column) {
    return affine[static_cast<std::size_t>(row) * 4 + static_cast<std::size_t>(column)];
}

double determinant(const Affine& m) {
    const auto minor = [&](int a, int b) {
        return entry(m, 1, a) * entry(m, 2, b) - entry(m, 1, b) * entry(m, 2, a);
    };
    return entry(m, 0, 0) * minor(1, 2) - entry(m, 0, 1) * minor(0, 2) + entry(m, 0, 2) * minor(0, 1);
}

constexpr std::size_t at(int axis) {
    return static_cast<std::size_t>(axis);
}

// What a patient axis and a direction along it are called.
constexpr char letter(int patientAxis, int direction) {
    return (direction > 0 ? "RAS" : "LPI")[patientAxis];
}

struct Screen {
    int patientAxis;
    int direction;  // of the patient axis towards the right, or downwards
};

}  // namespace

AnatomicalAxes closestAxes(const Affine& affine) {
    std::array<double, 3> norm{};
    for (int column = 0; column < 3; ++column)
        norm[at(column)] =
            std::hypot(entry(affine, 0, column), entry(affine, 1, column), entry(affine, 2, column));
    const double volume = norm[0] * norm[1] * norm[2];
    if (!std::isfinite(volume) || std::abs(determinant(affine)) <= 1e-9 * volume || volume == 0)
        return {};

    // Of the six assignments the one that keeps most of the directions; unlike a greedy choice it cannot give
    // one voxel axis to two patient axes.
    std::array<int, 3> order{0, 1, 2};
    AnatomicalAxes best;
    double bestSum = -1;
    do {
        double sum = 0;
        for (int patient = 0; patient < 3; ++patient)
            sum += std::abs(entry(affine, patient, order[at(patient)])) / norm[at(order[at(patient)])];
        if (sum > bestSum + 1e-12) {
            bestSum = sum;
            best.voxelAxis = order;
        }
    } while (std::next_permutation(order.begin(), order.end()));
    for (int patient = 0; patient < 3; ++patient)
        best.sign[at(patient)] = entry(affine, patient, best.voxelAxis[at(patient)]) < 0 ? -1 : 1;
    return best;
}

std::array<double, 3> toPatient(const Affine& affine, const Voxel& voxel) {
    std::array<double, 3> patient{};
    for (int row = 0; row < 3; ++row)
        patient[at(row)] = entry(affine, row, 0) * voxel[0] + entry(affine, row, 1) * voxel[1] +
                           entry(affine, row, 2) * voxel[2] + entry(affine, row, 3);
    return patient;
}

Voxel SlicePlane::voxelAt(int column, int row, int slice) const {
    Voxel voxel{};
    voxel[at(columnAxis)] = columnFlipped ? columns - 1 - column : column;
    voxel[at(rowAxis)] = rowFlipped ? rows - 1 - row : row;
    voxel[at(normalAxis)] = slice;
    return voxel;
}

std::array<int, 3> SlicePlane::positionOf(const Voxel& voxel) const {
    const int column = voxel[at(columnAxis)];
    const int row = voxel[at(rowAxis)];
    return {columnFlipped ? columns - 1 - column : column, rowFlipped ? rows - 1 - row : row,
            voxel[at(normalAxis)]};
}

SlicePlane slicePlane(Plane plane, const Voxel& shape, const std::array<double, 3>& spacing,
                      const AnatomicalAxes& axes, bool radiological) {
    constexpr int right = 0, anterior = 1, superior = 2;
    const Screen across =
        plane == Plane::Sagittal ? Screen{anterior, -1} : Screen{right, radiological ? -1 : 1};
    const Screen down = plane == Plane::Axial ? Screen{anterior, -1} : Screen{superior, -1};
    const int normal = plane == Plane::Axial ? superior : plane == Plane::Coronal ? anterior : right;

    SlicePlane result;
    result.columnAxis = axes.voxelAxis[at(across.patientAxis)];
    result.rowAxis = axes.voxelAxis[at(down.patientAxis)];
    result.normalAxis = axes.voxelAxis[at(normal)];
    result.columnFlipped = axes.sign[at(across.patientAxis)] != across.direction;
    result.rowFlipped = axes.sign[at(down.patientAxis)] != down.direction;
    result.forward = axes.sign[at(normal)];
    result.columns = shape[at(result.columnAxis)];
    result.rows = shape[at(result.rowAxis)];
    result.slices = shape[at(result.normalAxis)];
    result.columnSpacing = spacing[at(result.columnAxis)];
    result.rowSpacing = spacing[at(result.rowAxis)];
    result.right = letter(across.patientAxis, across.direction);
    result.left = letter(across.patientAxis, -across.direction);
    result.bottom = letter(down.patientAxis, down.direction);
    result.top = letter(down.patientAxis, -down.direction);
    return result;
}

}  // namespace denoscope
