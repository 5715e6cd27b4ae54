// SPDX-License-Identifier: GPL-3.0-or-later
// demo:shapes: six anti-aliased bright shapes on a dark shaded ground, 32 x 32 grey pixels. Varied enough
// that no two are alike, plain enough that a small network draws nameable ones after some minutes on two
// cores.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/data/demos/Demos.h"
#include "engine/data/demos/Draws.h"

namespace denoscope {
namespace {

constexpr int side = 32;

struct Point {
    double x, y;
};
using Polygon = std::vector<Point>;

// Distance to the outline, negative inside: nearest edge for the size, crossings of a ray for the sign.
double distanceTo(const Polygon& polygon, Point p) {
    double nearest = 1e9;
    bool inside = false;
    for (std::size_t i = 0, j = polygon.size() - 1; i < polygon.size(); j = i++) {
        const Point a = polygon[i], b = polygon[j];
        const double ex = b.x - a.x, ey = b.y - a.y;
        const double along =
            std::clamp(((p.x - a.x) * ex + (p.y - a.y) * ey) / (ex * ex + ey * ey), 0.0, 1.0);
        nearest = std::min(nearest, std::hypot(p.x - a.x - along * ex, p.y - a.y - along * ey));
        if ((a.y > p.y) != (b.y > p.y) && p.x < a.x + ex * (p.y - a.y) / ey)
            inside = !inside;
    }
    return inside ? -nearest : nearest;
}

// Corners at equal angles whose radius alternates between 1 and `inner` (1: a regular polygon).
Polygon starPolygon(int corners, double inner) {
    Polygon polygon;
    for (int i = 0; i < corners; ++i) {
        const double angle = 2 * std::numbers::pi * i / corners, radius = i % 2 ? inner : 1;
        polygon.push_back({radius * std::sin(angle), -radius * std::cos(angle)});
    }
    return polygon;
}

Polygon crossPolygon() {
    constexpr double arm = 0.95, half = 0.3;
    return {{-half, -arm}, {half, -arm}, {half, -half}, {arm, -half}, {arm, half},   {half, half},
            {half, arm},   {-half, arm}, {-half, half}, {-arm, half}, {-arm, -half}, {-half, -half}};
}

// Distance to the shape of a class in its own frame, where it fills about the unit circle.
double distanceToShape(int label, Point p) {
    static const Polygon square = starPolygon(4, 1), triangle = starPolygon(3, 1),
                         star = starPolygon(10, 0.45), cross = crossPolygon();
    switch (label) {
        case 0:
            return std::hypot(p.x, p.y) - 0.85;
        case 1:
            return distanceTo(square, p);
        case 2:
            return distanceTo(triangle, p);
        case 3:
            return std::abs(std::hypot(p.x, p.y) - 0.72) - 0.2;
        case 4:
            return distanceTo(cross, p);
        default:
            return distanceTo(star, p);
    }
}

Array makeShape(std::int64_t index) {
    const int label = static_cast<int>(index % 6);
    Draws draws(keyOf(1, Stream::Demo, {2, static_cast<std::uint64_t>(index)}));
    const double radius = draws.uniform(8, 13), angle = draws.uniform(-0.35, 0.35);
    const double room = side / 2.0 - radius - 1;
    const Point centre{side / 2.0 + draws.uniform(-room, room), side / 2.0 + draws.uniform(-room, room)};
    const double fill = draws.uniform(170, 255), ground = draws.uniform(10, 60);
    const double slope = draws.uniform(-0.35, 0.35), slopeAngle = draws.uniform(0, 2 * std::numbers::pi);

    Array image{{1, side, side}, std::vector<float>(side * side)};
    auto pixel = image.values.begin();
    for (int y = 0; y < side; ++y)
        for (int x = 0; x < side; ++x) {
            const double dx = x + 0.5 - centre.x, dy = y + 0.5 - centre.y;
            const Point own{(std::cos(angle) * dx + std::sin(angle) * dy) / radius,
                            (std::cos(angle) * dy - std::sin(angle) * dx) / radius};
            const double cover = std::clamp(0.5 - radius * distanceToShape(label, own), 0.0, 1.0);
            const double light = 1 + slope * (std::cos(slopeAngle) * (2.0 * x / side - 1) +
                                              std::sin(slopeAngle) * (2.0 * y / side - 1));
            const double value = cover * fill + (1 - cover) * ground * light;
            *pixel++ = static_cast<float>(std::round(value));
        }
    return image;
}

}  // namespace

Demo shapesDemo() {
    DataFacts facts;
    facts.source = "demo:shapes";
    facts.kind = DataKind::Image;
    facts.count = 6000;
    facts.shape = {1, side, side};
    facts.dtype = "uint8";
    facts.labels = {"circle", "square", "triangle", "ring", "cross", "star"};
    return {facts, makeShape};
}

}  // namespace denoscope
