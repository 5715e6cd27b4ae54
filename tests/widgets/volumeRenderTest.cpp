// SPDX-License-Identifier: GPL-3.0-or-later
#include <QOffscreenSurface>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "widgets/VolumeRenderView.h"

namespace denoscope {
namespace {

// A ball of 100 in nothing, right of the middle and towards the head, on a grid
// of its own.
struct Grid {
    std::array<int, 3> extents;
    Affine affine;
};

std::shared_ptr<Volume> ballOn(const Grid& grid, const Point& centre, double radius) {
    auto volume = std::make_shared<Volume>();
    volume->width = grid.extents[0];
    volume->height = grid.extents[1];
    volume->depth = grid.extents[2];
    volume->affine = grid.affine;
    for (std::size_t axis = 0; axis < 3; ++axis)
        volume->spacing[axis] = std::hypot(grid.affine[axis], grid.affine[4 + axis], grid.affine[8 + axis]);
    auto values = std::make_shared<std::vector<float>>();
    for (int k = 0; k < volume->depth; ++k)
        for (int j = 0; j < volume->height; ++j)
            for (int i = 0; i < volume->width; ++i) {
                const auto p = toPatient(grid.affine, {i, j, k});
                const double distance = std::hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]);
                values->push_back(distance < radius ? 100.F : 0.F);
            }
    volume->samples = values;
    return volume;
}

// The cube -20..20 mm with voxels of 1, 1 and 2 mm, its axes along +-R, +-A,
// +-S in the order given.
Grid cube(std::array<int, 3> order, std::array<int, 3> sign) {
    Grid grid{{}, {}};
    grid.affine[15] = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const auto patient = static_cast<std::size_t>(order[axis]);
        const double step = axis == 2 ? 2 : 1;
        grid.extents[axis] = static_cast<int>(40 / step);
        grid.affine[patient * 4 + axis] = sign[axis] * step;
        grid.affine[patient * 4 + 3] = -sign[axis] * (20 - step / 2);
    }
    return grid;
}

const Grid plain = cube({0, 1, 2}, {1, 1, 1});
const Point upRight{8, 0, 8};

RenderRequest requestFor(std::shared_ptr<const Volume> volume, bool maximum = false) {
    TransferFunction white{"", {{40, Qt::white, 0}, {60, Qt::white, 0.95}}, false, maximum};
    if (maximum)
        white.points = {{0, Qt::black, 1}, {100, Qt::white, 1}};
    return {std::move(volume), {}, {}, white, {50, 100}, {90, 90}, Qt::black, false};
}

QImage drawn(RayCaster& caster, const RenderRequest& request) {
    const std::atomic<bool> no = false;
    return caster.render(request, no);
}

QImage drawn(const RenderRequest& request) {
    return drawn(*cpuRayCaster(), request);
}

// Where the light is, as a share of the picture: 0 left or top, 1 right or
// bottom.
QPointF centreOfLight(const QImage& image) {
    double sum = 0, x = 0, y = 0;
    for (int row = 0; row < image.height(); ++row)
        for (int column = 0; column < image.width(); ++column) {
            const double light = qGray(image.pixel(column, row));
            sum += light;
            x += light * (column + 0.5);
            y += light * (row + 0.5);
        }
    return sum > 0 ? QPointF(x / sum / image.width(), y / sum / image.height()) : QPointF();
}

double difference(const QImage& a, const QImage& b) {
    double sum = 0;
    for (int row = 0; row < a.height(); ++row)
        for (int column = 0; column < a.width(); ++column)
            sum += std::abs(qGray(a.pixel(column, row)) - qGray(b.pixel(column, row)));
    return sum / (a.width() * a.height() * 255.0);
}

// mm per picture height of these volumes: twice the reach.
const double shown = 40 * std::sqrt(3.0) / RenderCamera().zoom;

}  // namespace

class volumeRenderTest : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void theBallIsWhereItIs() {
        const auto volume = ballOn(plain, upRight, 6);
        // From the front: the patient's right is on the left, the head on top.
        const QPointF front = centreOfLight(drawn(requestFor(volume)));
        QVERIFY(std::abs(front.x() - (0.5 - 8 / shown)) < 0.01);
        QVERIFY(std::abs(front.y() - (0.5 - 8 / shown)) < 0.01);
        RenderRequest request = requestFor(volume);
        request.camera.turn(std::numbers::pi, 0);  // from behind
        const QPointF back = centreOfLight(drawn(request));
        QVERIFY(std::abs(back.x() - (0.5 + 8 / shown)) < 0.01);
        QVERIFY(std::abs(back.y() - (0.5 - 8 / shown)) < 0.01);
    }

    void theSameHeadLooksTheSameHoweverItIsStored() {
        const QImage expected = drawn(requestFor(ballOn(plain, upRight, 6)));
        const std::array<std::array<int, 3>, 6> orders{
            {{0, 1, 2}, {0, 2, 1}, {1, 0, 2}, {1, 2, 0}, {2, 0, 1}, {2, 1, 0}}};
        for (const auto& order : orders)
            for (const std::array<int, 3>& sign :
                 {std::array{1, 1, 1}, std::array{-1, 1, 1}, std::array{-1, -1, -1}}) {
                const QImage image = drawn(requestFor(ballOn(cube(order, sign), upRight, 6)));
                QVERIFY(difference(image, expected) < 0.01);  // voxels are 2 mm along another axis
                const QPointF off = centreOfLight(image) - centreOfLight(expected);
                QVERIFY(std::hypot(off.x(), off.y()) < 0.01);
            }
    }

    void aTurnBackEndsWhereItBegan() {
        RenderCamera camera;
        for (int i = 0; i < 1000; ++i)
            camera.turn(0.013, -0.007);
        for (const Point& axis : {camera.right, camera.up, camera.towards})
            QVERIFY(std::abs(std::hypot(axis[0], axis[1], axis[2]) - 1) < 1e-9);
        const RenderCamera before = camera;
        camera.turn(0.4, 0);
        camera.turn(-0.4, 0);
        QVERIFY(std::abs(camera.right[0] - before.right[0]) < 1e-9);
    }

    void clippingCutsTheSideItNames() {
        RenderRequest request = requestFor(ballOn(plain, upRight, 6));
        request.clip.low[0] = 0.5 + 8.0 / 40;  // only what lies right of the ball's middle (R+) stays
        const double half = centreOfLight(drawn(request)).x();
        QVERIFY(half < 0.5 - 8 / shown);
        request.clip = {};
        request.clip.high[2] = 0.5;  // the head is cut off, and the ball with it
        QCOMPARE(centreOfLight(drawn(request)), QPointF());
        // The same cut on a volume that is stored upside down.
        request = requestFor(ballOn(cube({2, 0, 1}, {-1, 1, -1}), upRight, 6));
        request.clip.high[2] = 0.5;
        QCOMPARE(centreOfLight(drawn(request)), QPointF());
    }

    // A volume that is solid everywhere is seen as a box whose faces differ.
    void whatTheBoxCutsOpenIsClosed() {
        auto solid = ballOn(plain, {0, 0, 0}, 1000);
        RenderRequest request = requestFor(solid);
        request.shaded = true;
        request.camera.turn(0.9, 0.2);
        request.camera.zoom = 1;
        const QImage image = drawn(request);
        QMap<int, int> greys;
        for (int x = 0; x < image.width(); ++x)
            ++greys[qGray(image.pixel(x, image.height() / 2))];
        const auto wide = std::ranges::count_if(greys, [](int pixels) { return pixels >= 5; });
        QCOMPARE(wide, 3);  // the background and two sides
    }

    void maximumIntensityShowsTheLargestValue() {
        const QImage image = drawn(requestFor(ballOn(plain, {0, 0, 0}, 6), true));
        QCOMPARE(qGray(image.pixel(45, 45)), 255);
        QCOMPARE(qGray(image.pixel(45, 45 - 20)),
                 0);  // inside the volume, beside the ball
    }

    void opacityDoesNotDependOnTheStep() {
        const TransferFunction fog{"", {{0, Qt::white, 0.1}, {1, Qt::white, 0.1}}, false, false};
        const double once = transferTable(fog, {}, 1, 1).entries[0][3];
        const double quarter = transferTable(fog, {}, 1, 0.25).entries[0][3];
        QVERIFY(std::abs(once - 0.1) < 1e-6);
        QVERIFY(std::abs(1 - std::pow(1 - quarter, 4) - once) < 1e-6);
    }

    // Far from the ball: the picture stays, and nothing is read beyond the table of colours.
    void whatIsNotFiniteIsDrawnAsTheLowest() {
        for (const bool maximum : {false, true}) {
            RenderRequest request = requestFor(ballOn(plain, upRight, 6), maximum);
            request.shaded = !maximum;
            const QImage clean = drawn(request);
            const auto broken = std::make_shared<Volume>(*request.volume);
            auto values = *broken->samples;
            std::fill_n(values.begin(), 40 * 40,
                        std::numeric_limits<float>::quiet_NaN());  // the lowest slice
            values[0] = -std::numeric_limits<float>::infinity();
            broken->samples = std::make_shared<std::vector<float>>(std::move(values));
            request.volume = broken;
            QVERIFY(difference(drawn(request), clean) < 0.01);
        }
    }

    void openGlDrawsTheSame() {
        QSurfaceFormat format;
        format.setVersion(3, 3);
        format.setProfile(QSurfaceFormat::CoreProfile);
        QOffscreenSurface surface;
        surface.setFormat(format);
        surface.create();
        const auto caster = openGlRayCaster(surface);
        if (!caster)
            QSKIP("there is no OpenGL 3.3 here");
        for (const bool maximum : {false, true}) {
            RenderRequest request = requestFor(ballOn(plain, upRight, 6), maximum);
            request.camera.turn(0.5, 0.3);
            request.clip.low[1] = 0.4;
            request.shaded = !maximum;
            QVERIFY(difference(drawn(*caster, request), drawn(request)) < 0.01);
        }
    }

    void theViewDrawsInFullOnceNothingMoves() {
        VolumeRenderView view(RenderThread::Means::Processor);
        view.resize(240, 220);
        view.setVolume(ballOn(plain, upRight, 6));
        view.setWindow({50, 100});
        view.show();
        QTRY_VERIFY(view.isFinal());
        QVERIFY(view.note().startsWith(QStringLiteral("processor, %1").arg(view.width())));
        const QImage before = view.picture();
        QTest::keyClick(&view, Qt::Key_Left);
        QTRY_VERIFY(view.isFinal());
        QVERIFY(view.picture() != before);
        QTest::keyClick(&view, Qt::Key_Home);
        QTRY_VERIFY(view.isFinal());
        QCOMPARE(view.picture(), before);
        view.setVolume(nullptr);
        view.grab();
    }

    void volumesThatCannotBeDrawnAreNot() {
        VolumeRenderView view(RenderThread::Means::Processor);
        auto flat = ballOn(plain, upRight, 6);
        flat->affine = Affine{};
        view.setVolume(flat);
        view.show();
        view.grab();
        QVERIFY(view.note().isEmpty());
    }

    void closingDoesNotWaitForAPicture() {
        auto large = ballOn({{128, 128, 128}, identityAffine()}, {64, 64, 64}, 40);
        auto view = std::make_unique<VolumeRenderView>(RenderThread::Means::Processor);
        view->resize(900, 900);
        view->setVolume(large);
        view->show();
        view.reset();  // joins
    }
};

}  // namespace denoscope

QTEST_MAIN(denoscope::volumeRenderTest)
#include "volumeRenderTest.moc"
