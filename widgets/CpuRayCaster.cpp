// SPDX-License-Identifier: GPL-3.0-or-later
#include <QtConcurrent>
#include <algorithm>
#include <cmath>
#include <numeric>
#include <vector>

#include "widgets/RayCaster.h"

namespace denoscope {

March marchOf(const RenderRequest& request) {
    March march;
    march.frame = rayFrame(*request.volume, request.camera, request.clip, request.size);
    const auto& spacing = request.volume->spacing;
    const double finest = std::min({spacing[0], spacing[1], spacing[2]});
    // Half a voxel is enough for a smooth surface; thousands of steps along a ray are not worth waiting for.
    march.step = std::max(finest / 2, march.frame.reach / 512);
    march.table = transferTable(request.transfer, request.window,
                                request.transfer.relative ? march.frame.reach / 100 : 1.0, march.step);
    march.surface = 0.06 * (march.table.high - march.table.low) / finest;
    return march;
}

namespace {

struct Scene {
    const Volume& volume;
    const March& march;
    bool maximum = false, shaded = true;
};

// Blended from the eight voxels around; beyond the last voxel its value goes on.
float valueAt(const Volume& volume, const Point& p) {
    const std::array<int, 3> extents{volume.width, volume.height, volume.depth};
    const std::array<std::size_t, 3> stride{
        1, static_cast<std::size_t>(volume.width),
        static_cast<std::size_t>(volume.width) * static_cast<std::size_t>(volume.height)};
    std::size_t base = 0;
    std::array<std::size_t, 3> next{};
    std::array<float, 3> share{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double x = std::clamp(p[axis], 0.0, extents[axis] - 1.0);
        const int below = std::min(static_cast<int>(x), std::max(0, extents[axis] - 2));
        share[axis] = static_cast<float>(x - below);
        base += static_cast<std::size_t>(below) * stride[axis];
        next[axis] = extents[axis] > 1 ? stride[axis] : 0;
    }
    const float* v = volume.shown().data() + base;
    const auto row = [&](std::size_t at) { return v[at] + (v[at + next[0]] - v[at]) * share[0]; };
    const auto plane = [&](std::size_t at) {
        const float a = row(at);
        return a + (row(at + next[1]) - a) * share[1];
    };
    const float front = plane(0);
    return front + (plane(next[2]) - front) * share[2];
}

// NaN is looked up like the lowest value.
const std::array<float, 4>& entryOf(const TransferTable& table, float value) {
    const double place = (value - table.low) / (table.high - table.low) * (TransferTable::size - 1);
    return table
        .entries[place > 0 ? static_cast<std::size_t>(std::min(place, TransferTable::size - 1.0)) : 0];
}

// A lamp at the viewer: surfaces that face it are bright. Inside a material, where values hardly change, all
// is as bright as `inside`; the noise there would look like gravel.
float brightness(const Scene& scene, const Point& p, double inside) {
    Point gradient{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        Point before = p, after = p;
        before[axis] -= 1;
        after[axis] += 1;
        gradient[axis] = (valueAt(scene.volume, after) - valueAt(scene.volume, before)) / 2;
    }
    Point world{};
    for (std::size_t row = 0; row < 3; ++row)
        for (std::size_t axis = 0; axis < 3; ++axis)
            world[row] += scene.march.frame.gradient[row][axis] * gradient[axis];
    const double length = lengthOf(world);
    if (!(length > 0) || !std::isfinite(length))  // beside what is not finite there is no surface
        return static_cast<float>(inside);
    const double facing = std::abs(dot(world, scene.march.frame.towards)) / length;
    const double surface = std::min(1.0, length / scene.march.surface);
    return static_cast<float>(inside + surface * (1 - shadowDepth * (1 - facing) - inside));
}

struct Light {
    float red = 0, green = 0, blue = 0, opacity = 0;
};

Light accumulated(const Scene& scene, const Point& start, double from, const BoxSpan& span) {
    Light light;
    double inside = scene.march.frame.cap[span.face];  // until the first gap: what the box cuts open
    for (double t = from; t <= span.last && light.opacity < 0.99F; t += scene.march.step) {
        const Point p = along(start, t, scene.march.frame.along);
        const auto& entry = entryOf(scene.march.table, valueAt(scene.volume, p));
        if (entry[3] <= 0) {
            inside = 1;
            continue;
        }
        const float share = (1 - light.opacity) * entry[3];
        const float lit = share * (scene.shaded ? brightness(scene, p, inside) : 1.0F);
        light.red += lit * entry[0];
        light.green += lit * entry[1];
        light.blue += lit * entry[2];
        light.opacity += share;
    }
    return light;
}

Light brightest(const Scene& scene, const Point& start, double from, double to) {
    float largest = valueAt(scene.volume, along(start, from, scene.march.frame.along));
    for (double t = from + scene.march.step; t <= to; t += scene.march.step)
        largest = std::fmax(largest, valueAt(scene.volume, along(start, t, scene.march.frame.along)));
    const auto& entry = entryOf(scene.march.table, largest);
    return {entry[0], entry[1], entry[2], 1};
}

QRgb over(const Light& light, const QColor& background) {
    const auto byte = [&](float value, float behind) {
        return static_cast<int>(
            std::lround(std::clamp(value + (1 - light.opacity) * behind, 0.0F, 1.0F) * 255));
    };
    return qRgb(byte(light.red, background.redF()), byte(light.green, background.greenF()),
                byte(light.blue, background.blueF()));
}

void renderRow(const Scene& scene, const QColor& background, int y, QImage& image) {
    auto* pixels = reinterpret_cast<QRgb*>(image.scanLine(y));
    for (int x = 0; x < image.width(); ++x) {
        Point start{};
        for (std::size_t axis = 0; axis < 3; ++axis)
            start[axis] = scene.march.frame.origin[axis] + x * scene.march.frame.across[axis] +
                          y * scene.march.frame.down[axis];
        const BoxSpan span = insideBox(scene.march.frame, start);
        // Samples at fixed places of the volume: a small turn must not make the picture crawl.
        const double from = std::ceil(span.first / scene.march.step) * scene.march.step;
        pixels[x] = over(from > span.last ? Light{}
                         : scene.maximum  ? brightest(scene, start, from, span.last)
                                          : accumulated(scene, start, from, span),
                         background);
    }
}

class CpuRayCaster : public RayCaster {
public:
    QString name() const override { return QStringLiteral("processor"); }

    QImage render(const RenderRequest& request, const std::atomic<bool>& abandoned) override {
        const March march = marchOf(request);
        const Scene scene{*request.volume, march, request.transfer.maximum, request.shaded};
        QImage image(request.size, QImage::Format_RGB32);
        std::vector<int> rows(static_cast<std::size_t>(image.height()));
        std::iota(rows.begin(), rows.end(), 0);
        QtConcurrent::blockingMap(rows, [&](int y) {
            if (!abandoned.load())
                renderRow(scene, request.background, y, image);
        });
        return abandoned.load() ? QImage() : image;
    }
};

}  // namespace

std::unique_ptr<RayCaster> cpuRayCaster() {
    return std::make_unique<CpuRayCaster>();
}

}  // namespace denoscope
