// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/RayGeometry.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace denoscope {
namespace {

Point normalised(const Point& v) {
    return scaled(v, 1 / lengthOf(v));
}

Point column(const Affine& affine, std::size_t axis) {
    return {affine[axis], affine[4 + axis], affine[8 + axis]};
}

// Half of the longest diagonal, in mm.
double reachOf(const Volume& volume, const Point& extents) {
    double longest = 0;
    for (int corner = 0; corner < 4; ++corner) {
        Point diagonal = scaled(column(volume.affine, 0), extents[0]);
        diagonal = along(diagonal, (corner & 1) != 0 ? extents[1] : -extents[1], column(volume.affine, 1));
        diagonal = along(diagonal, (corner & 2) != 0 ? extents[2] : -extents[2], column(volume.affine, 2));
        longest = std::max(longest, lengthOf(diagonal));
    }
    return longest / 2;
}

void clipTo(RayFrame& frame, const ClipBox& clip, const AnatomicalAxes& axes, const Point& extents) {
    for (std::size_t patient = 0; patient < 3; ++patient) {
        const auto axis = static_cast<std::size_t>(axes.voxelAxis[patient]);
        const bool flipped = axes.sign[patient] < 0;
        const double low = flipped ? 1 - clip.high[patient] : clip.low[patient];
        const double high = flipped ? 1 - clip.low[patient] : clip.high[patient];
        frame.low[axis] = low * extents[axis] - 0.5;
        frame.high[axis] = high * extents[axis] - 0.5;
    }
}

// As bright as a surface that lies like this face of the box.
double capBrightness(const RayFrame& frame, std::size_t face) {
    const Point normal{frame.gradient[0][face], frame.gradient[1][face], frame.gradient[2][face]};
    return 1 - shadowDepth * (1 - std::abs(dot(normal, frame.towards)) / lengthOf(normal));
}

}  // namespace

void RenderCamera::turn(double horizontally, double vertically) {
    const double c = std::cos(horizontally), s = std::sin(horizontally);
    const Point r = along(scaled(right, c), s, towards);
    const Point t = along(scaled(towards, c), -s, right);
    const double vc = std::cos(vertically), vs = std::sin(vertically);
    // Rounding would bend the axes in the long run.
    towards = normalised(along(scaled(t, vc), vs, up));
    right = normalised(r);
    up = cross(towards, right);
}

bool isRenderable(const Volume& volume) {
    return volume.isWhole() && isInvertible(volume.affine);
}

RayFrame rayFrame(const Volume& volume, const RenderCamera& camera, const ClipBox& clip, QSize size) {
    const Point extents{static_cast<double>(volume.width), static_cast<double>(volume.height),
                        static_cast<double>(volume.depth)};
    const Affine inverse = inverseOf(volume.affine);
    RayFrame frame;
    frame.reach = reachOf(volume, extents);
    frame.mmPerPixel = 2 * frame.reach / (std::max(1, std::min(size.width(), size.height())) * camera.zoom);
    frame.across = turned(inverse, scaled(camera.right, frame.mmPerPixel));
    frame.down = turned(inverse, scaled(camera.up, -frame.mmPerPixel));
    frame.along = turned(inverse, scaled(camera.towards, -1));
    const double x = 0.5 - size.width() / 2.0 - camera.pan.x() / frame.mmPerPixel;
    const double y = 0.5 - size.height() / 2.0 - camera.pan.y() / frame.mmPerPixel;
    const Point centre{(extents[0] - 1) / 2, (extents[1] - 1) / 2, (extents[2] - 1) / 2};
    frame.origin = along(along(centre, x, frame.across), y, frame.down);
    for (std::size_t row = 0; row < 3; ++row)
        frame.gradient[row] = {inverse[row], inverse[4 + row], inverse[8 + row]};
    frame.towards = camera.towards;
    for (std::size_t face = 0; face < 3; ++face)
        frame.cap[face] = capBrightness(frame, face);
    clipTo(frame, clip, closestAxes(volume.affine), extents);
    return frame;
}

BoxSpan insideBox(const RayFrame& frame, const Point& start) {
    BoxSpan span{-std::numeric_limits<double>::infinity(), std::numeric_limits<double>::infinity()};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (std::abs(frame.along[axis]) < 1e-9) {  // runs beside this pair of planes
            if (start[axis] < frame.low[axis] || start[axis] > frame.high[axis])
                return {};
            continue;
        }
        const double a = (frame.low[axis] - start[axis]) / frame.along[axis];
        const double b = (frame.high[axis] - start[axis]) / frame.along[axis];
        if (std::min(a, b) > span.first)
            span.face = axis;
        span.first = std::max(span.first, std::min(a, b));
        span.last = std::min(span.last, std::max(a, b));
    }
    return span;
}

}  // namespace denoscope
