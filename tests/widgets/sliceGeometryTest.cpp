// SPDX-License-Identifier: GPL-3.0-or-later
// The anatomical planes must be found from every orientation in which a volume can be stored.
#include <QTest>
#include <algorithm>
#include <cmath>

#include "widgets/SliceGeometry.h"
#include "widgets/SliceRender.h"

using namespace denoscope;

namespace {

constexpr std::array<double, 3> patientSpacing{1.5, 2.0, 3.0};  // along R, A, S
constexpr std::array<int, 3> patientShape{5, 6, 7};

struct Stored {
    Volume volume;
    AnatomicalAxes axes;
    std::shared_ptr<std::vector<float>> values;  // those of the volume
};

// The voxel of this storage that lies `steps` voxels from the left, posterior and inferior ends.
Voxel voxelOf(const AnatomicalAxes& axes, const std::array<int, 3>& steps) {
    Voxel voxel{};
    for (std::size_t p = 0; p < 3; ++p)
        voxel[static_cast<std::size_t>(axes.voxelAxis[p])] =
            axes.sign[p] > 0 ? steps[p] : patientShape[p] - 1 - steps[p];
    return voxel;
}

Stored store(const AnatomicalAxes& axes, double tilt) {
    Stored stored{{}, axes, nullptr};
    Voxel shape{};
    Affine& affine = stored.volume.affine;
    affine.fill(0);
    affine[15] = 1;
    const double c = std::cos(tilt);
    const double s = std::sin(tilt);
    for (std::size_t p = 0; p < 3; ++p) {
        const auto v = static_cast<std::size_t>(axes.voxelAxis[p]);
        shape[v] = patientShape[p];
        stored.volume.spacing[v] = patientSpacing[p];
        // the direction of patient axis p, turned by `tilt` about S and then about R
        const std::array<double, 3> e{p == 0 ? 1.0 : 0.0, p == 1 ? 1.0 : 0.0, p == 2 ? 1.0 : 0.0};
        const std::array<double, 3> a{c * e[0] - s * e[1], s * e[0] + c * e[1], e[2]};
        const std::array<double, 3> b{a[0], c * a[1] - s * a[2], s * a[1] + c * a[2]};
        for (std::size_t row = 0; row < 3; ++row)
            affine[row * 4 + v] = b[row] * patientSpacing[p] * axes.sign[p];
    }
    stored.volume.width = shape[0];
    stored.volume.height = shape[1];
    stored.volume.depth = shape[2];
    stored.values = std::make_shared<std::vector<float>>(stored.volume.voxels(), 0.F);
    stored.volume.samples = stored.values;
    return stored;
}

std::vector<AnatomicalAxes> allAxes() {
    std::vector<AnatomicalAxes> all;
    std::array<int, 3> order{0, 1, 2};
    do {
        for (int flips = 0; flips < 8; ++flips)
            all.push_back({order, {flips & 1 ? -1 : 1, flips & 2 ? -1 : 1, flips & 4 ? -1 : 1}});
    } while (std::next_permutation(order.begin(), order.end()));
    return all;
}

SliceGrid planeOf(const Volume& v, Plane plane, bool radiological) {
    return sliceGrid(plane, {v.width, v.height, v.depth}, gridAffine(v), radiological);
}

QImage sliceOf(const Volume& volume, const SliceGrid& grid, double slice, QRgb notFinite) {
    SliceValues values;
    sampleSlice(values, volume, grid, slice);
    return renderSlice(values, {{0.5, 1}, ColorMapKind::Grey, notFinite});
}

}  // namespace

class sliceGeometryTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void everyOrientationIsRecognised() {
        QCOMPARE(allAxes().size(), 48U);
        for (const AnatomicalAxes& axes : allAxes())
            for (const double tilt : {0.0, 0.3})
                QVERIFY(closestAxes(store(axes, tilt).volume.affine) == axes);
    }

    void affinesWithoutGeometryBecomeTheIdentity() {
        QVERIFY(closestAxes(Affine{}) == AnatomicalAxes{});
        Affine flat = identityAffine();
        flat[10] = 0;
        QVERIFY(closestAxes(flat) == AnatomicalAxes{});
        Affine broken = identityAffine();
        broken[0] = std::nan("");
        QVERIFY(closestAxes(broken) == AnatomicalAxes{});
    }

    // One bright voxel, towards the right, front and top: it must be seen in the same place on the screen,
    // whatever the storage.
    void theSameVoxelIsSeenInTheSamePlace() {
        const std::array<int, 3> steps{3, 4, 5};  // of 5, 6, 7 towards R, A, S
        const int fromRight = patientShape[0] - 1 - steps[0];
        const int fromFront = patientShape[1] - 1 - steps[1];
        const int fromTop = patientShape[2] - 1 - steps[2];
        for (const AnatomicalAxes& axes : allAxes()) {
            Stored stored = store(axes, 0.2);
            const Voxel marker = voxelOf(axes, steps);
            (*stored.values)[stored.volume.offset(marker)] = 1;
            for (const bool radiological : {true, false}) {
                const int across = radiological ? fromRight : steps[0];
                expectMarker(stored.volume, Plane::Axial, radiological, marker, {across, fromFront});
                expectMarker(stored.volume, Plane::Coronal, radiological, marker, {across, fromTop});
                expectMarker(stored.volume, Plane::Sagittal, radiological, marker, {fromFront, fromTop});
            }
        }
    }

    void lettersAndSpacing() {
        for (const AnatomicalAxes& axes : allAxes()) {
            const Volume volume = store(axes, 0).volume;
            const SliceGrid axial = planeOf(volume, Plane::Axial, true);
            QCOMPARE(letters(axial), QStringLiteral("RLAP"));
            QCOMPARE(axial.columnSpacing, 1.5);
            QCOMPARE(axial.rowSpacing, 2.0);
            QCOMPARE(letters(planeOf(volume, Plane::Axial, false)), QStringLiteral("LRAP"));
            QCOMPARE(letters(planeOf(volume, Plane::Coronal, true)), QStringLiteral("RLSI"));
            QCOMPARE(letters(planeOf(volume, Plane::Sagittal, false)), QStringLiteral("APSI"));
            QCOMPARE(planeOf(volume, Plane::Sagittal, true).rowSpacing, 3.0);
        }
    }

    void slicesAreCountedTowardsTheNamedEnd() {
        for (const AnatomicalAxes& axes : allAxes()) {
            const Volume volume = store(axes, 0).volume;
            const SliceGrid axial = planeOf(volume, Plane::Axial, true);
            const double step = turned(volume.affine, axial.through)[2];
            QCOMPARE(step, patientSpacing[2]);
            QCOMPARE(axial.sliceSpacing, patientSpacing[2]);
        }
    }

    void positionsAndVoxelsAreInverse() {
        const Volume volume = store(allAxes()[13], 0.3).volume;
        for (const QQuaternion& rotation : {QQuaternion(), QQuaternion::fromEulerAngles(20, -35, 50)}) {
            const SliceGrid grid = sliceGrid(Plane::Coronal, {volume.width, volume.height, volume.depth},
                                             volume.affine, true, rotation);
            const Point voxel{1.25, 2.5, 3.75};
            const Point position = grid.positionOf(voxel);
            const Point back = grid.voxelAt(position[0], position[1], position[2]);
            QVERIFY(lengthOf(difference(back, voxel)) < 1e-9);
            const Point mm = turned(volume.affine, grid.right);
            QVERIFY(std::abs(lengthOf(mm) - grid.columnSpacing) < 1e-5);
        }
    }

    void turningInAPlaneTurnsThePicture() {
        // A quarter turn clockwise: what was on the right comes to lie below.
        const Affine affine = identityAffine();
        const SliceGrid before = sliceGrid(Plane::Axial, {9, 9, 9}, affine, true);
        const QQuaternion turn = turnedInPlane({}, Plane::Axial, true, 90);
        const SliceGrid after = sliceGrid(Plane::Axial, {9, 9, 9}, affine, true, turn);
        QCOMPARE(after.bottomLetter, before.rightLetter);
        QCOMPARE(after.rightLetter, before.topLetter);
        const Point there = after.positionOf(before.voxelAt(8, 4, 4));
        QVERIFY(std::abs(there[0] - 4) < 1e-5 && std::abs(there[1] - 8) < 1e-5);
    }

    void valuesThatAreNotFiniteAreMarked() {
        Volume volume;
        volume.depth = volume.height = 1;
        volume.width = 2;
        volume.samples = std::make_shared<const std::vector<float>>(std::vector{1.F, std::nanf("")});
        const QRgb mark = qRgb(255, 0, 255);
        const QImage image = sliceOf(volume, planeOf(volume, Plane::Axial, false), 0, mark);
        QCOMPARE(image.pixel(0, 0), qRgb(255, 255, 255));
        QCOMPARE(image.pixel(1, 0), mark);
    }

private:
    static QString letters(const SliceGrid& plane) {
        return plane.leftLetter + plane.rightLetter + plane.topLetter + plane.bottomLetter;
    }

    static void expectMarker(const Volume& volume, Plane plane, bool radiological, const Voxel& marker,
                             QPoint place) {
        const SliceGrid slice = planeOf(volume, plane, radiological);
        const Point position = slice.positionOf(pointOf(marker));
        QCOMPARE(QPoint(qRound(position[0]), qRound(position[1])), place);
        QCOMPARE(slice.voxelAt(position[0], position[1], position[2]), pointOf(marker));
        const QImage image = sliceOf(volume, slice, position[2], qRgb(255, 0, 255));
        for (int y = 0; y < image.height(); ++y)
            for (int x = 0; x < image.width(); ++x)
                QCOMPARE(image.pixel(x, y) == qRgb(255, 255, 255), QPoint(x, y) == place);
    }
};

QTEST_GUILESS_MAIN(sliceGeometryTest)
#include "sliceGeometryTest.moc"
