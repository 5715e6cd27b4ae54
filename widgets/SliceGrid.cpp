// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceGrid.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

namespace {

constexpr int mostPixels = 2048;  // along a side of an oblique plane; finer ones are thinned out

// A direction on the screen: a patient axis (0 = R, 1 = A, 2 = S) and which way along it.
struct Screen {
    int axis;
    int direction;
};

struct PlaneAxes {
    Screen right, down;
    int normal;
};

PlaneAxes axesOf(Plane plane, bool radiological) {
    constexpr int rightward = 0, anterior = 1, superior = 2;
    const Screen across =
        plane == Plane::Sagittal ? Screen{anterior, -1} : Screen{rightward, radiological ? -1 : 1};
    const Screen down = plane == Plane::Axial ? Screen{anterior, -1} : Screen{superior, -1};
    return {across, down, plane == Plane::Axial ? superior : plane == Plane::Coronal ? anterior : rightward};
}

constexpr std::size_t at(int axis) {
    return static_cast<std::size_t>(axis);
}

Point columnOf(const Affine& affine, int axis) {
    return {affine[at(axis)], affine[4 + at(axis)], affine[8 + at(axis)]};
}

// Towards which ends of the patient this points; a second and third letter from 22.5 degrees on.
QString lettersOf(const Point& direction) {
    std::array<std::size_t, 3> order{0, 1, 2};
    std::sort(order.begin(), order.end(),
              [&](std::size_t a, std::size_t b) { return std::abs(direction[a]) > std::abs(direction[b]); });
    const double enough = 0.3827 * lengthOf(direction);  // sin 22.5 degrees
    QString letters;
    for (const std::size_t axis : order)
        if (letters.isEmpty() || std::abs(direction[axis]) > enough)
            letters += QLatin1Char((direction[axis] < 0 ? "LPI" : "RAS")[axis]);
    return letters;
}

void nameSides(SliceGrid& grid, const Affine& affine) {
    const Point right = turned(affine, grid.right), down = turned(affine, grid.down);
    grid.rightLetter = lettersOf(right);
    grid.leftLetter = lettersOf(scaled(right, -1));
    grid.bottomLetter = lettersOf(down);
    grid.topLetter = lettersOf(scaled(down, -1));
}

SliceGrid alignedGrid(const PlaneAxes& plane, const Voxel& shape, const Affine& affine,
                      const AnatomicalAxes& axes) {
    SliceGrid grid;
    const auto lay = [&](Screen screen, Point& step, int& count, double& spacing) {
        const int voxelAxis = axes.voxelAxis[at(screen.axis)];
        const int sign = axes.sign[at(screen.axis)] * screen.direction;
        step = {};
        step[at(voxelAxis)] = sign;
        count = shape[at(voxelAxis)];
        spacing = lengthOf(columnOf(affine, voxelAxis));
        grid.origin[at(voxelAxis)] = sign < 0 ? count - 1 : 0;
    };
    lay(plane.right, grid.right, grid.columns, grid.columnSpacing);
    lay(plane.down, grid.down, grid.rows, grid.rowSpacing);
    lay({plane.normal, 1}, grid.through, grid.slices, grid.sliceSpacing);
    return grid;
}

// Unit vectors in mm along the voxel axes closest to R, A and S, made orthogonal where the affine shears.
std::array<Point, 3> frameOf(const Affine& affine, const AnatomicalAxes& axes) {
    std::array<Point, 3> frame{};
    for (std::size_t p = 0; p < 3; ++p) {
        Point v = scaled(columnOf(affine, axes.voxelAxis[p]), axes.sign[p]);
        for (std::size_t q = 0; q < p; ++q)
            v = along(v, -dot(v, frame[q]), frame[q]);
        frame[p] = scaled(v, 1 / lengthOf(v));
    }
    return frame;
}

QVector3D unitVector(Screen screen) {
    QVector3D unit;
    unit[screen.axis] = static_cast<float>(screen.direction);
    return unit;
}

SliceGrid obliqueGrid(const PlaneAxes& plane, const Voxel& shape, const Affine& affine,
                      const AnatomicalAxes& axes, const QQuaternion& rotation) {
    const auto frame = frameOf(affine, axes);
    const auto inPatient = [&](Screen screen) {
        const QVector3D v = rotation.rotatedVector(unitVector(screen));
        return along(along(scaled(frame[0], v.x()), v.y(), frame[1]), v.z(), frame[2]);
    };
    const Point right = inPatient(plane.right), down = inPatient(plane.down);
    const Point normal = inPatient({plane.normal, 1});
    const Point half{shape[0] * 0.5, shape[1] * 0.5, shape[2] * 0.5};
    const Point centre = transformed(affine, {half[0] - 0.5, half[1] - 0.5, half[2] - 0.5});
    double pixel = lengthOf(columnOf(affine, 0));
    for (int axis = 1; axis < 3; ++axis)
        pixel = std::min(pixel, lengthOf(columnOf(affine, axis)));
    const auto reach = [&](const Point& direction) {  // of the volume's corners, from its centre
        double sum = 0;
        for (int axis = 0; axis < 3; ++axis)
            sum += std::abs(dot(columnOf(affine, axis), direction)) * half[at(axis)];
        return sum;
    };
    pixel = std::max(pixel, 2 * std::max(reach(right), reach(down)) / mostPixels);
    const auto count = [&](const Point& direction) {
        return std::max(1, static_cast<int>(std::ceil(2 * reach(direction) / pixel - 1e-6)));
    };
    SliceGrid grid;
    grid.oblique = true;
    grid.columns = count(right);
    grid.rows = count(down);
    grid.slices = count(normal);
    grid.columnSpacing = grid.rowSpacing = grid.sliceSpacing = pixel;
    const Point corner = along(
        along(along(centre, -pixel * (grid.columns - 1) / 2, right), -pixel * (grid.rows - 1) / 2, down),
        -pixel * (grid.slices - 1) / 2, normal);
    const Affine toVoxels = inverseOf(affine);
    grid.origin = transformed(toVoxels, corner);
    grid.right = turned(toVoxels, scaled(right, pixel));
    grid.down = turned(toVoxels, scaled(down, pixel));
    grid.through = turned(toVoxels, scaled(normal, pixel));
    return grid;
}

// Grids that agree but for rounding agree entirely: then values are taken, not interpolated.
double withoutDust(double value) {
    const double whole = std::round(value);
    return std::abs(value - whole) < 1e-6 ? whole : value;
}

Point withoutDust(const Point& p) {
    return {withoutDust(p[0]), withoutDust(p[1]), withoutDust(p[2])};
}

}  // namespace

Point SliceGrid::voxelAt(double column, double row, double slice) const {
    return along(along(along(origin, column, right), row, down), slice, through);
}

Point SliceGrid::positionOf(const Point& voxel) const {  // Cramer's rule
    const Point from = difference(voxel, origin);
    const Point normal = cross(right, down);
    const double volume = dot(normal, through);
    return {dot(from, cross(down, through)) / volume, dot(from, cross(through, right)) / volume,
            dot(from, normal) / volume};
}

Affine gridAffine(const Volume& volume) {
    const auto& mm = volume.spacing;
    if (volume.place != Volume::Place::Patient)
        return {-mm[0], 0, 0, 0, 0, -mm[1], 0, 0, 0, 0, mm[2], 0, 0, 0, 0, 1};
    if (isInvertible(volume.affine))
        return volume.affine;
    return {mm[0], 0, 0, 0, 0, mm[1], 0, 0, 0, 0, mm[2], 0, 0, 0, 0, 1};
}

bool sameGrid(const Volume& a, const Volume& b) {
    return sameView(a, b) && a.affine == b.affine;
}

bool sameView(const Volume& a, const Volume& b) {
    Affine moved = a.affine;  // to where b begins
    for (std::size_t row = 0; a.isFlat() && row < 3; ++row)
        moved[row * 4 + 3] = b.affine[row * 4 + 3];
    return a.depth == b.depth && a.height == b.height && a.width == b.width && moved == b.affine &&
           a.spacing == b.spacing && a.place == b.place;
}

SliceGrid sliceGrid(Plane plane, const Voxel& shape, const Affine& affine, bool radiological,
                    const QQuaternion& rotation) {
    const PlaneAxes planeAxes = axesOf(plane, radiological);
    const AnatomicalAxes axes = closestAxes(affine);
    SliceGrid grid = rotation.isIdentity() ? alignedGrid(planeAxes, shape, affine, axes)
                                           : obliqueGrid(planeAxes, shape, affine, axes, rotation);
    nameSides(grid, affine);
    return grid;
}

bool shareSpace(const Volume& a, const Volume& b) {
    const bool placed = a.place == Volume::Place::Patient && b.place == Volume::Place::Patient;
    return placed || sameGrid(a, b);
}

SliceGrid sliceGrid(Plane plane, const Volume& volume, bool radiological, const QQuaternion& rotation) {
    const bool lies = volume.place == Volume::Place::Patient;
    SliceGrid grid = sliceGrid(plane, {volume.width, volume.height, volume.depth}, gridAffine(volume),
                               radiological || !lies, rotation);
    if (!lies)
        grid.leftLetter = grid.rightLetter = grid.topLetter = grid.bottomLetter = QString();
    return grid;
}

Voxel middleVoxel(const Voxel& shape, const Affine& affine) {
    const AnatomicalAxes axes = closestAxes(affine);
    Voxel middle{};
    for (std::size_t p = 0; p < 3; ++p) {
        const std::size_t v = at(axes.voxelAxis[p]);
        middle[v] = axes.sign[p] > 0 ? shape[v] / 2 : shape[v] - 1 - shape[v] / 2;
    }
    return middle;
}

SliceGrid onto(const SliceGrid& grid, const Affine& from, const Affine& to) {
    const Affine toVoxels = inverseOf(to);
    const auto carried = [&](const Point& step) { return withoutDust(turned(toVoxels, turned(from, step))); };
    SliceGrid result = grid;
    result.origin = withoutDust(transformed(toVoxels, transformed(from, grid.origin)));
    result.right = carried(grid.right);
    result.down = carried(grid.down);
    result.through = carried(grid.through);
    return result;
}

QQuaternion turnedInPlane(const QQuaternion& rotation, Plane plane, bool radiological, double degrees) {
    const PlaneAxes axes = axesOf(plane, radiological);
    const QVector3D right = rotation.rotatedVector(unitVector(axes.right));
    const QVector3D down = rotation.rotatedVector(unitVector(axes.down));
    // What lay to the right is to be seen further down: the plane turns the other way.
    const auto turn =
        QQuaternion::fromAxisAndAngle(QVector3D::crossProduct(right, down), static_cast<float>(-degrees));
    return (turn * rotation).normalized();
}

}  // namespace denoscope
