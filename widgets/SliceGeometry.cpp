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

}  // namespace

AnatomicalAxes closestAxes(const Affine& affine) {
    std::array<double, 3> norm{};
    for (int column = 0; column < 3; ++column)
        norm[at(column)] =
            std::hypot(entry(affine, 0, column), entry(affine, 1, column), entry(affine, 2, column));
    if (!isInvertible(affine))
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

Point transformed(const Affine& affine, const Point& point) {
    return along(turned(affine, point), 1, {affine[3], affine[7], affine[11]});
}

Point turned(const Affine& affine, const Point& direction) {
    Point result{};
    for (int row = 0; row < 3; ++row)
        result[at(row)] = entry(affine, row, 0) * direction[0] + entry(affine, row, 1) * direction[1] +
                          entry(affine, row, 2) * direction[2];
    return result;
}

bool isInvertible(const Affine& affine) {
    double volume = 1;
    for (int column = 0; column < 3; ++column)
        volume *= std::hypot(entry(affine, 0, column), entry(affine, 1, column), entry(affine, 2, column));
    return std::isfinite(volume) && volume > 0 && std::abs(determinant(affine)) > 1e-9 * volume;
}

Affine inverseOf(const Affine& affine) {
    const auto column = [&](int c) -> Point {
        return {entry(affine, 0, c), entry(affine, 1, c), entry(affine, 2, c)};
    };
    const double scale = 1 / determinant(affine);
    const std::array<Point, 3> rows{scaled(cross(column(1), column(2)), scale),
                                    scaled(cross(column(2), column(0)), scale),
                                    scaled(cross(column(0), column(1)), scale)};
    const Point shift = column(3);
    Affine result = identityAffine();
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t c = 0; c < 3; ++c)
            result[row * 4 + c] = rows[row][c];
        result[row * 4 + 3] = -dot(rows[row], shift);
    }
    return result;
}

double lengthOf(const Point& a) {
    return std::hypot(a[0], a[1], a[2]);
}

Voxel nearestVoxel(const Point& point) {
    return {static_cast<int>(std::lround(point[0])), static_cast<int>(std::lround(point[1])),
            static_cast<int>(std::lround(point[2]))};
}

}  // namespace denoscope
