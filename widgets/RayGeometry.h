// SPDX-License-Identifier: GPL-3.0-or-later
// From a camera to the rays through a volume: parallel projection, as is usual for measuring. All is computed
// once per picture, in voxel coordinates (i along W, j along H, k along D; voxel centres at whole numbers),
// so that the ray casters need no affine.
#pragma once

#include <QPointF>
#include <QSize>
#include <array>

#include "widgets/Volume.h"

namespace denoscope {

// The axes of the screen as unit vectors in patient space (RAS+).
struct RenderCamera {
    Point right{-1, 0, 0}, up{0, 0, 1}, towards{0, 1, 0};  // from the front: the patient's left on the right
    double zoom = 1.3;  // at 1 the whole volume fits, however it is turned; few reach into the corners
    QPointF pan;        // mm on the screen, right and down

    // As if the volume were grabbed: about the screen's vertical and horizontal axis, in radians.
    void turn(double horizontally, double vertically);

    bool operator==(const RenderCamera&) const = default;
};

// The part that is drawn, as shares 0..1 of the extents along R, A and S.
struct ClipBox {
    Point low{0, 0, 0}, high{1, 1, 1};

    bool operator==(const ClipBox&) const = default;
};

constexpr double shadowDepth = 0.7;  // how much darker a surface is that is seen from its side

// The ray of pixel (x, y) is origin + x across + y down + t along, t in mm, growing away from the viewer.
struct RayFrame {
    Point origin{}, across{}, down{}, along{};
    Point low{}, high{};              // the box that is drawn
    std::array<Point, 3> gradient{};  // rows: gradient along i, j, k -> gradient in patient space
    Point towards{};                  // the viewer, in patient space
    Point cap{};       // brightness of a cut through something solid, for each voxel axis that it lies across
    double reach = 0;  // |t| inside the volume is at most this
    double mmPerPixel = 1;
};

// The affine of the volume has to be invertible (isRenderable()).
bool isRenderable(const Volume& volume);
RayFrame rayFrame(const Volume& volume, const RenderCamera& camera, const ClipBox& clip, QSize size);

// Where a ray is inside the frame's box: t from first to last; empty (first > last) where it misses.
struct BoxSpan {
    double first = 1, last = 0;
    std::size_t face = 0;  // the voxel axis across which it enters
};
BoxSpan insideBox(const RayFrame& frame, const Point& start);

}  // namespace denoscope
