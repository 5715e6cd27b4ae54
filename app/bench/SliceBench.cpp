// SPDX-License-Identifier: GPL-3.0-or-later
// A volume of 512 x 512 x 512: going through the slices, dragging the window, projections, oblique planes.
#include <cmath>

#include "app/bench/FrameTimes.h"
#include "app/bench/ViewBenches.h"
#include "widgets/SliceView.h"

namespace denoscope {

namespace {

constexpr int side = 512;

// Shells about the middle, over the range of 16-bit CT.
std::shared_ptr<const Volume> shells() {
    auto samples = std::make_shared<std::vector<float>>();
    samples->reserve(std::size_t{side} * side * side);
    for (int k = 0; k < side; ++k)
        for (int j = 0; j < side; ++j)
            for (int i = 0; i < side; ++i) {
                const int x = i - side / 2, y = j - side / 2, z = k - side / 2;
                samples->push_back(static_cast<float>((x * x + y * y + z * z) / 16 % 4096 - 1024));
            }
    auto volume = std::make_shared<Volume>();
    volume->width = volume->height = volume->depth = side;
    volume->samples = samples;
    volume->unit = QStringLiteral("HU");
    return volume;
}

void goThrough(const std::string& what, SliceView& view, std::size_t axis, int frames = 120,
               double promised = 16) {
    printFrameTimes("  " + what, view, frames, promised, [&](int frame) {
        Voxel voxel = view.cursor3d();
        voxel[axis] = 100 + frame * 2;
        view.setCursor3d(voxel);
    });
}

}  // namespace

void benchSlices() {
    SliceView view;
    view.resize(1280, 720);
    const auto volume = shells();
    printTime("Slices, 512 x 512 x 512: first frame, windows found", [&] {
        view.setVolume(volume);
        view.grab();
    });
    goThrough("next axial slice", view, 2);
    goThrough("next coronal slice", view, 1);
    goThrough("next sagittal slice", view, 0);
    printFrameTimes("  all three planes, by the crosshair", view, 120, 16, [&](int frame) {
        view.setCursor3d({100 + frame, 150 + frame, 200 + frame});
    });
    printFrameTimes("  dragging window and level", view, 120, 33,
                    [&](int frame) { view.setWindow(40 + frame, 400 + 3 * frame); });
    view.setOverlay(volume);
    printFrameTimes("  the same over an overlay", view, 60, 33,
                    [&](int frame) { view.setWindow(40 + frame, 400 + 3 * frame); });
    view.setOverlay(nullptr);
    view.setSlab({Projection::Maximum, 20});
    goThrough("next axial slice, maximum over 20 mm", view, 2);
    view.setSlab({Projection::Maximum, 2 * side});
    goThrough("maximum over everything", view, 0, 5, 1000);
    view.setSlab({});
    view.setRotation(QQuaternion::fromEulerAngles(20, 30, 10));
    printFrameTimes("  all three planes, oblique", view, 30, 100, [&](int frame) {
        view.setCursorPoint({200.5 + frame, 250.5 + frame, 230.5 + frame}, true);
    });
}

}  // namespace denoscope
