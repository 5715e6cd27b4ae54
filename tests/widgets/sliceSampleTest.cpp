// SPDX-License-Identifier: GPL-3.0-or-later
// Slices against what they must be: brute force over slabs and regions, linear functions at any angle, a
// volume laid over itself.
#include <QTest>
#include <algorithm>
#include <cmath>
#include <random>

#include "widgets/SliceMeasure.h"
#include "widgets/SliceRender.h"

using namespace denoscope;

namespace {

const Affine tilted{1.5, -0.3, 0.2, -20, 0.4, 2, -0.5, 10, -0.1, 0.6, 3, 5, 0, 0, 0, 1};

template <typename Value>
Volume volumeOf(const Voxel& shape, const Affine& affine, const Value& value, int channels = 1) {
    auto samples = std::make_shared<std::vector<float>>();
    for (int c = 0; c < channels; ++c)
        for (int k = 0; k < shape[2]; ++k)
            for (int j = 0; j < shape[1]; ++j)
                for (int i = 0; i < shape[0]; ++i)
                    samples->push_back(static_cast<float>(value(Voxel{i, j, k}, c)));
    Volume volume;
    volume.width = shape[0];
    volume.height = shape[1];
    volume.depth = shape[2];
    volume.channels = channels;
    volume.samples = samples;
    volume.affine = affine;
    return volume;
}

Volume noise(const Voxel& shape) {
    std::mt19937 random(5);
    std::uniform_real_distribution<double> uniform(-100, 100);
    return volumeOf(shape, identityAffine(), [&](const Voxel&, int) { return uniform(random); });
}

double linear(const Point& mm) {
    return 3 + 0.5 * mm[0] - 2 * mm[1] + 0.25 * mm[2];
}

Volume linearVolume(const Voxel& shape, const Affine& affine) {
    return volumeOf(shape, affine,
                    [&](const Voxel& v, int) { return linear(transformed(affine, pointOf(v))); });
}

SliceGrid gridOf(const Volume& volume, Plane plane, const QQuaternion& rotation = {}) {
    return sliceGrid(plane, {volume.width, volume.height, volume.depth}, gridAffine(volume), true, rotation);
}

bool isInterior(const Volume& volume, const Point& voxel) {
    const Point last{volume.width - 1.0, volume.height - 1.0, volume.depth - 1.0};
    for (std::size_t axis = 0; axis < 3; ++axis)
        if (voxel[axis] < 0 || voxel[axis] > last[axis])
            return false;
    return true;
}

}  // namespace

class sliceSampleTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void slabsAgreeWithBruteForce() {
        const Volume volume = noise({7, 6, 9});
        for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal})
            for (const Projection projection : {Projection::Maximum, Projection::Minimum, Projection::Mean})
                for (const double slice : {0.0, 3.0, 5.0}) {
                    const SliceGrid grid = gridOf(volume, plane);
                    SliceValues values;
                    sampleSlice(values, volume, grid, slice, {projection, 3});
                    for (int row = 0; row < grid.rows; ++row)
                        for (int column = 0; column < grid.columns; ++column)
                            QCOMPARE(values.row(row)[column],
                                     projected(volume, grid, column, row, slice, projection));
                }
    }

    void everyCoreSeesTheSame() {  // large enough to be shared out
        const Volume volume = noise({160, 150, 140});
        const SliceGrid grid = gridOf(volume, Plane::Axial);
        SliceValues values;
        sampleSlice(values, volume, grid, 70, {Projection::Maximum, 140});
        for (int row = 0; row < grid.rows; row += 7)
            for (int column = 0; column < grid.columns; column += 11) {
                float largest = -1000;
                for (int slice = 0; slice < grid.slices; ++slice)
                    largest = std::max(largest, volume.at(nearestVoxel(grid.voxelAt(column, row, slice))));
                QCOMPARE(values.row(row)[column], largest);
            }
    }

    void linearFunctionsAreExactAtAnyAngle() {
        const Volume volume = linearVolume({20, 16, 12}, tilted);
        for (const QQuaternion& rotation :
             {QQuaternion::fromEulerAngles(30, 0, 0), QQuaternion::fromEulerAngles(-25, 40, 70)})
            for (const Plane plane : {Plane::Axial, Plane::Coronal, Plane::Sagittal}) {
                const SliceGrid grid = gridOf(volume, plane, rotation);
                QVERIFY(grid.oblique);
                const double slice = grid.slices / 2.0 + 0.3;
                SliceValues values;
                sampleSlice(values, volume, grid, slice);
                QVERIFY(interiorError(volume, values, grid, slice) < 1e-3);
            }
    }

    void nothingIsReadOutsideOfTheVolume() {
        const Volume volume = linearVolume({9, 8, 7}, tilted);
        const SliceGrid grid = gridOf(volume, Plane::Axial, QQuaternion::fromEulerAngles(10, 20, 30));
        SliceValues values;
        for (double slice = -3; slice < grid.slices + 3; slice += 0.5) {
            sampleSlice(values, volume, grid, slice, {Projection::Mean, 4}, Sampling::Nearest);
            QCOMPARE(static_cast<int>(values.inside.size()), grid.rows);
            for (const auto& [first, last] : values.inside)
                QVERIFY(first >= 0 && first <= last && last <= grid.columns);
        }
        sampleSlice(values, volume, grid, -1000);
        QVERIFY(std::all_of(values.inside.begin(), values.inside.end(),
                            [](const auto& row) { return row.first == row.second; }));
    }

    void aVolumeDiffersFromItselfByNothing() {
        const Volume volume = linearVolume({12, 13, 14}, tilted);
        for (const QQuaternion& rotation : {QQuaternion(), QQuaternion::fromEulerAngles(15, 5, -40)}) {
            const SliceGrid grid = gridOf(volume, Plane::Coronal, rotation);
            SliceValues first, second;
            const double slice = rotation.isIdentity() ? 6 : 6.4;
            sampleSlice(first, volume, grid, slice);
            sampleSlice(second, volume, onto(grid, volume.affine, volume.affine), slice);
            OverlayLook look;
            look.mode = OverlayMode::Difference;
            const QImage image = renderSlice(first, {{0, 1e-3}}, second, look);
            const QRgb none = colorTable(ColorMapKind::Diverging)[128];
            for (int row = 0; row < grid.rows; ++row)
                for (int c = first.inside[static_cast<std::size_t>(row)].first;
                     c < first.inside[static_cast<std::size_t>(row)].second; ++c)
                    QCOMPARE(image.pixel(c, row), none);
        }
    }

    void anOverlayIsPlacedByItsGeometry() {
        const Volume volume = linearVolume({20, 18, 16}, tilted);
        const Affine coarse{0, -4, 0, 30, 3, 0, 0, -25, 0, 0.5, 5, -30, 0, 0, 0, 1};
        const Volume overlay = linearVolume({30, 20, 25}, coarse);
        const SliceGrid grid = gridOf(volume, Plane::Axial);
        const SliceGrid there = onto(grid, volume.affine, coarse);
        SliceValues values;
        sampleSlice(values, overlay, there, 8);
        int compared = 0;
        for (int row = 0; row < grid.rows; ++row)
            for (int c = 0; c < grid.columns; ++c)
                if (isInterior(overlay, there.voxelAt(c, row, 8))) {
                    const double expected = linear(transformed(volume.affine, grid.voxelAt(c, row, 8)));
                    QVERIFY(std::abs(static_cast<double>(values.row(row)[c]) - expected) < 1e-3);
                    ++compared;
                }
        QVERIFY(compared > 100);
    }

    void checkerboardAndFlickerShowOneOrTheOther() {
        const auto constant = [](float value) {
            SliceValues slice;
            slice.columns = slice.rows = 16;
            slice.channels = 1;
            slice.values.assign(256, value);
            slice.inside.assign(16, {0, 16});
            return slice;
        };
        const SliceValues dark = constant(0), bright = constant(1);
        const SliceColors colors{{0.5, 1}};
        OverlayLook look{OverlayMode::Checkerboard, 1, {{0.5, 1}, ColorMapKind::Grey}};
        QImage image = renderSlice(dark, colors, bright, look);
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 16; ++x)
                QCOMPARE(qRed(image.pixel(x, y)), (x / 2 + y / 2) % 2 == 1 ? 255 : 0);
        look.mode = OverlayMode::Flicker;
        QCOMPARE(qRed(renderSlice(dark, colors, bright, look).pixel(5, 5)), 0);
        look.second = true;
        QCOMPARE(qRed(renderSlice(dark, colors, bright, look).pixel(5, 5)), 255);
        look = {OverlayMode::Blend, 0.5, {{0.5, 1}, ColorMapKind::Grey}};
        QCOMPARE(qRed(renderSlice(dark, colors, bright, look).pixel(5, 5)), 127);
        QCOMPARE(qRed(renderSlice(bright, colors, dark, look).pixel(5, 5)), 255);  // clear at its low value
    }

    void colourVolumesShowTheirColours() {
        const Volume volume = volumeOf(
            {2, 2, 2}, identityAffine(),
            [](const Voxel& v, int c) { return c == 0   ? 255
                                               : c == 1 ? 128
                                                        : v[0] * 64; }, 3);
        SliceValues values;
        sampleSlice(values, volume, gridOf(volume, Plane::Axial), 0);
        const QImage image = renderSlice(values, {WindowLevel::fromRange(0, 256), ColorMapKind::Turbo});
        QCOMPARE(image.pixel(1, 0), qRgb(255, 128, 0));
        QCOMPARE(image.pixel(0, 0), qRgb(255, 128, 64));
    }

    void regionsAgreeWithBruteForce() {
        const Volume volume = noise({30, 24, 5});
        const SliceGrid grid = gridOf(volume, Plane::Axial);
        SliceValues values;
        sampleSlice(values, volume, grid, 2);
        const QPointF from(4.2, 3.7), to(21.5, 30.1);  // reaches beyond the volume
        for (const auto shape : {Measurement::Shape::Rectangle, Measurement::Shape::Ellipse}) {
            const RegionStatistics found = statisticsOf(values, grid, shape, from, to);
            std::vector<double> inside;
            for (int row = 0; row < grid.rows; ++row)
                for (int c = 0; c < grid.columns; ++c) {
                    const double x = (c - (from.x() + to.x()) / 2) / ((to.x() - from.x()) / 2);
                    const double y = (row - (from.y() + to.y()) / 2) / ((to.y() - from.y()) / 2);
                    const bool in = shape == Measurement::Shape::Ellipse
                                        ? x * x + y * y <= 1
                                        : std::max(std::abs(x), std::abs(y)) <= 1;
                    if (in)
                        inside.push_back(static_cast<double>(values.row(row)[c]));
                }
            double mean = 0, squares = 0;
            for (const double v : inside)
                mean += v / static_cast<double>(inside.size());
            for (const double v : inside)
                squares += (v - mean) * (v - mean);
            QCOMPARE(found.count, static_cast<std::int64_t>(inside.size()));
            QVERIFY(std::abs(found.mean - mean) < 1e-9);
            QVERIFY(std::abs(found.standardDeviation -
                             std::sqrt(squares / static_cast<double>(inside.size() - 1))) < 1e-9);
            QCOMPARE(found.min, *std::min_element(inside.begin(), inside.end()));
            QCOMPARE(found.max, *std::max_element(inside.begin(), inside.end()));
        }
        const RegionStatistics square =
            statisticsOf(values, grid, Measurement::Shape::Rectangle, {1, 1}, {5, 4});
        QCOMPARE(square.area, 12.0);
        QCOMPARE(square.count, 20);
        QCOMPARE(statisticsOf(values, grid, Measurement::Shape::Ellipse, {-9, -9}, {-2, -2}).count, 0);
    }

    void lengthsFollowTheAffine() {
        const Affine spaced{0, 0, 3, 0, 2, 0, 0, 0, 0, 4, 0, 0, 0, 0, 0, 1};
        QCOMPARE(lengthInMm({1, 1, 1}, {3, 1, 1}, spaced), 4.0);
        QCOMPARE(lengthInMm({0, 0, 0}, {0, 1, 1}, spaced), 5.0);
    }

private:
    static float projected(const Volume& volume, const SliceGrid& grid, int column, int row, double slice,
                           Projection projection) {
        std::vector<float> ray;
        for (double layer = slice - 1; layer <= slice + 1; ++layer) {
            const Voxel v = nearestVoxel(grid.voxelAt(column, row, layer));
            if (isInterior(volume, pointOf(v)))
                ray.push_back(volume.at(v));
        }
        if (projection == Projection::Maximum)
            return *std::max_element(ray.begin(), ray.end());
        if (projection == Projection::Minimum)
            return *std::min_element(ray.begin(), ray.end());
        float sum = 0;
        for (const float v : ray)
            sum += v;
        return sum / static_cast<float>(ray.size());
    }

    static double interiorError(const Volume& volume, const SliceValues& values, const SliceGrid& grid,
                                double slice) {
        double worst = 0;
        int compared = 0;
        for (int row = 0; row < grid.rows; ++row)
            for (int c = 0; c < grid.columns; ++c) {
                const Point voxel = grid.voxelAt(c, row, slice);
                if (!isInterior(volume, voxel))
                    continue;
                const auto& [first, last] = values.inside[static_cast<std::size_t>(row)];
                if (c < first || c >= last)
                    return 1e9;  // the volume has a value there
                const double expected = linear(transformed(volume.affine, voxel));
                worst = std::max(worst, std::abs(static_cast<double>(values.row(row)[c]) - expected));
                ++compared;
            }
        return compared > 50 ? worst : 1e9;
    }
};

QTEST_GUILESS_MAIN(sliceSampleTest)
#include "sliceSampleTest.moc"
