// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/DicomGeometry.h"
#include "engine/api/Counted.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numbers>

namespace denoscope {
namespace {

using Vector = std::array<double, 3>;

Vector difference(const Vector& a, const Vector& b) {
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}
Vector scaled(const Vector& v, double factor) {
    return {v[0] * factor, v[1] * factor, v[2] * factor};
}
double dot(const Vector& a, const Vector& b) {
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}
double length(const Vector& v) {
    return std::hypot(v[0], v[1], v[2]);
}

// `step`: from one slice to the next.
Geometry geometryOf(const DicomFrame& first, const Vector& step) {
    Geometry geometry;
    geometry.spacing = {first.spacing[1], first.spacing[0], length(step)};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double sign = axis < 2 ? -1 : 1;
        double* const row = geometry.affine.data() + axis * 4;
        // Adding nothing makes zeros of negative zeros.
        row[0] = sign * first.orientation[axis] * first.spacing[1] + 0.0;
        row[1] = sign * first.orientation[axis + 3] * first.spacing[0] + 0.0;
        row[2] = sign * step[axis] + 0.0;
        row[3] = sign * first.position[axis] + 0.0;
    }
    return geometry;
}

double median(std::vector<double> values) {
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

// Names the first few gaps that differ from the usual one.
void noteGaps(const std::vector<double>& gaps, double usual, double tolerance,
              std::vector<std::string>& notes) {
    std::string named;
    int uneven = 0, missing = 0;
    for (std::size_t i = 0; i < gaps.size(); ++i) {
        if (std::abs(gaps[i] - usual) <= tolerance)
            continue;
        const double steps = gaps[i] / usual;
        if (steps > 1.5 && std::abs(steps - std::round(steps)) < 0.05)
            missing += static_cast<int>(std::round(steps)) - 1;
        if (++uneven <= 4)
            named += fmt::format("{}{:.4g} mm between slices {} and {}", uneven > 1 ? ", " : "", gaps[i],
                                 i + 1, i + 2);
    }
    notes.push_back(fmt::format(
        "The gaps between the slices are uneven: usually {:.4g} mm, but {}{}{}; positions beyond "
        "are off by that.",
        usual, named, uneven > 4 ? fmt::format(" and {} more", uneven - 4) : "",
        missing > 0
            ? fmt::format(" ({} seem{} to be missing)", counted(missing, "slice"), missing == 1 ? "s" : "")
            : ""));
}

void noteDirection(const std::vector<const DicomFrame*>& slices, const Vector& normal, const Vector& step,
                   std::vector<std::string>& notes) {
    const double angle =
        std::acos(std::clamp(dot(step, normal) / length(step), -1.0, 1.0)) * 180 / std::numbers::pi;
    if (angle > 0.5)
        notes.push_back(
            fmt::format("The slices are stacked at {:.1f} degrees to their normal (a tilted gantry); the "
                        "affine keeps that.",
                        angle));
    double worst = 0;
    for (const DicomFrame* slice : slices) {
        const Vector away = difference(slice->position, slices.front()->position);
        const Vector along = scaled(step, dot(away, normal) / dot(step, normal));
        worst = std::max(worst, length(difference(away, along)));
    }
    if (worst > 0.1 * slices.front()->spacing[0])
        notes.push_back(
            fmt::format("The slices do not lie in one line: they stray from it by up to {:.3g} mm.", worst));
}

}  // namespace

std::array<double, 3> sliceNormal(const DicomFrame& frame) {
    const std::array<double, 6>& o = frame.orientation;
    return {o[1] * o[5] - o[2] * o[4], o[2] * o[3] - o[0] * o[5], o[0] * o[4] - o[1] * o[3]};
}

double positionAlong(const std::array<double, 3>& normal, const DicomFrame& frame) {
    return dot(normal, frame.position);
}

Geometry sliceGeometry(const DicomFrame& frame, double thickness) {
    return geometryOf(frame, scaled(sliceNormal(frame), thickness > 0 ? thickness : 1));
}

Geometry stackGeometry(const std::vector<const DicomFrame*>& slices, std::vector<std::string>& notes) {
    const Vector normal = sliceNormal(*slices.front());
    std::vector<double> gaps;
    for (std::size_t i = 1; i < slices.size(); ++i)
        gaps.push_back(positionAlong(normal, *slices[i]) - positionAlong(normal, *slices[i - 1]));
    const Vector all = difference(slices.back()->position, slices.front()->position);
    const double usual = median(gaps), tolerance = std::max(0.01, 0.01 * usual);
    const bool even =
        std::all_of(gaps.begin(), gaps.end(), [&](double gap) { return std::abs(gap - usual) <= tolerance; });
    const Vector step =
        even ? scaled(all, 1.0 / static_cast<double>(gaps.size())) : scaled(all, usual / dot(all, normal));
    if (!even)
        noteGaps(gaps, usual, tolerance, notes);
    noteDirection(slices, normal, step, notes);
    return geometryOf(*slices.front(), step);
}

}  // namespace denoscope
