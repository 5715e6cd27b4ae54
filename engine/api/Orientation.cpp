// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/Orientation.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

std::string orientationLetters(const Geometry& geometry) {
    const std::array<double, 16>& a = geometry.affine;
    const auto cosine = [&](std::size_t axis, std::size_t side) {
        return a[side * 4 + axis] / std::hypot(a[axis], a[4 + axis], a[8 + axis]);
    };
    const double determinant = a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) +
                               a[2] * (a[4] * a[9] - a[5] * a[8]);
    if (!std::isfinite(determinant) || determinant == 0)
        return {};
    // Of the six ways to give each axis a side of its own, the one under which the angles are smallest.
    std::array<std::size_t, 3> sides{0, 1, 2}, best = sides;
    double most = -1;
    do {
        const double sum =
            std::abs(cosine(0, sides[0])) + std::abs(cosine(1, sides[1])) + std::abs(cosine(2, sides[2]));
        if (sum > most) {
            most = sum;
            best = sides;
        }
    } while (std::next_permutation(sides.begin(), sides.end()));
    std::string letters;
    for (std::size_t axis = 0; axis < 3; ++axis)
        letters += std::array{"RL", "AP", "SI"}[best[axis]][cosine(axis, best[axis]) < 0 ? 1 : 0];
    return letters;
}

bool liesInPatient(const Geometry& geometry) {
    Geometry unplaced;
    for (std::size_t axis = 0; axis < 3; ++axis)
        unplaced.affine[axis * 5] = geometry.spacing[axis];
    return geometry.affine != unplaced.affine && geometry.affine != Geometry{}.affine &&
           !orientationLetters(geometry).empty();
}

}  // namespace denoscope
