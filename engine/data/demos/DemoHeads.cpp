// SPDX-License-Identifier: GPL-3.0-or-later
// demo:heads: computed-tomography-like head phantoms of nested ellipsoids, every second one with a
// haemorrhage.
#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>
#include <vector>

#include "engine/data/demos/Demos.h"
#include "engine/data/demos/Draws.h"

namespace denoscope {
namespace {

constexpr int depth = 24, height = 32, width = 32;
constexpr std::array<double, 3> spacing{6.5, 7.0,
                                        6.5};  // mm along x (left to right), y (back to front), z (up)

using Vector = std::array<double, 3>;

class Ellipsoid {
public:
    // Half axes in mm, turned by `angle` radians in the axial plane.
    Ellipsoid(const Vector& centre, const Vector& axes, double angle)
        : m_centre(centre), m_axes(axes), m_angle(angle), m_cos(std::cos(angle)), m_sin(std::sin(angle)) {}

    const Vector& centre() const { return m_centre; }
    const Vector& axes() const { return m_axes; }
    double angle() const { return m_angle; }
    Ellipsoid shrunk(double by) const {
        return {m_centre, {m_axes[0] - by, m_axes[1] - by, m_axes[2] - by}, m_angle};
    }

    // About the distance to the surface in mm, negative inside: the implicit function over its slope.
    double distance(const Vector& p) const {
        const double dx = p[0] - m_centre[0], dy = p[1] - m_centre[1];
        const double x = (m_cos * dx + m_sin * dy) / m_axes[0], y = (m_cos * dy - m_sin * dx) / m_axes[1];
        const double z = (p[2] - m_centre[2]) / m_axes[2];
        const double reach = x * x + y * y + z * z;
        const double ax = x / m_axes[0], ay = y / m_axes[1], az = z / m_axes[2];
        const double slope = ax * ax + ay * ay + az * az;
        return slope > 0 ? (reach - std::sqrt(reach)) / std::sqrt(slope) : -m_axes[0];
    }

private:
    Vector m_centre, m_axes;
    double m_angle, m_cos, m_sin;
};

struct Layer {
    Ellipsoid shape;
    double value;  // Hounsfield units
};

struct Head {
    std::vector<Layer> layers;  // painted one over the other: skin, skull, fluid, brain, ...
    Ellipsoid cortex;           // its inside shows white matter
    double whiteMatter, foldPhase, foldCount, tilt, noise;
};
constexpr std::size_t brainLayer = 3;

void addLesion(Head& head, const Ellipsoid& brain, Draws& draws) {
    const double where = draws.uniform(0, 2 * std::numbers::pi), out = draws.uniform(0.25, 0.65);
    const Vector centre{brain.centre()[0] + out * brain.axes()[0] * std::cos(where),
                        brain.centre()[1] + out * brain.axes()[1] * std::sin(where),
                        brain.centre()[2] + brain.axes()[2] * draws.uniform(-0.1, 0.5)};
    const double size = draws.uniform(11, 22);
    const Vector axes{size * draws.uniform(0.7, 1.3), size * draws.uniform(0.7, 1.3),
                      size * draws.uniform(0.7, 1.1)};
    const Ellipsoid blood(centre, axes, draws.uniform(0, std::numbers::pi));
    head.layers.push_back({blood.shrunk(-6), 18});  // oedema around it
    head.layers.push_back({blood, draws.uniform(65, 85)});
}

// Lateral ventricles: one long, slightly opened ellipsoid on each side of the midline.
void addVentricles(Head& head, const Ellipsoid& brain, Draws& draws) {
    const double size = draws.uniform(0.8, 1.8);
    for (const double side : {-1.0, 1.0}) {
        const Vector centre{brain.centre()[0] + side * 10 * std::cos(brain.angle()),
                            brain.centre()[1] + side * 10 * std::sin(brain.angle()), brain.centre()[2] + 12};
        const Vector axes{6.5 * size, 26 * std::sqrt(size), 12 * size};
        head.layers.push_back({Ellipsoid(centre, axes, brain.angle() - side * 0.22), 5});
    }
}

Head makeHead(bool bleeding, Draws& draws) {
    const double scale = draws.uniform(0.9, 1.06);
    const Vector centre{draws.uniform(-7, 7), draws.uniform(-7, 7), draws.uniform(-22, -8)};
    const Vector axes{scale * draws.uniform(72, 82), scale * draws.uniform(88, 98),
                      scale * draws.uniform(78, 90)};
    const Ellipsoid skin(centre, axes, draws.uniform(-0.3, 0.3));
    const Ellipsoid skull = skin.shrunk(draws.uniform(5, 8)), fluid = skull.shrunk(draws.uniform(6, 9));
    const Ellipsoid brain = fluid.shrunk(draws.uniform(2, 5));
    Head head{{{skin, draws.uniform(20, 50)},
               {skull, draws.uniform(700, 1200)},
               {fluid, 8},
               {brain, draws.uniform(38, 44)}},
              brain.shrunk(10),
              draws.uniform(18, 24),
              draws.uniform(0, 2 * std::numbers::pi),
              std::floor(draws.uniform(9, 15)),
              draws.uniform(-0.25, 0.25),
              draws.uniform(1, 2.5)};
    addVentricles(head, brain, draws);
    if (bleeding)
        addLesion(head, brain, draws);
    return head;
}

// Share of a voxel inside a surface `distance` mm away: the partial volume effect of voxels this large.
double inside(double distance) {
    return std::clamp(0.5 - distance / 6.0, 0.0, 1.0);
}

// The folded border between grey and white matter.
double whiteShare(const Head& head, const Vector& p) {
    const double around = std::atan2(p[1] - head.cortex.centre()[1], p[0] - head.cortex.centre()[0]);
    const double fold = 5 * std::sin(head.foldCount * around + head.foldPhase + p[2] / 9);
    return inside(head.cortex.distance(p) + fold);
}

double valueAt(const Head& head, const Vector& p) {
    double value = -1000;  // air
    for (std::size_t i = 0; i < head.layers.size(); ++i) {
        const double share = inside(head.layers[i].shape.distance(p));
        if (share == 0 && i <= brainLayer)
            break;  // the shells are nested: outside one is outside all that follow
        value += share * (head.layers[i].value - value);
        if (i == brainLayer)
            value += whiteShare(head, p) * (head.whiteMatter - value);
    }
    return value;
}

Array makeHeadVolume(std::int64_t index) {
    Draws draws(keyOf(1, Stream::Demo, {3, static_cast<std::uint64_t>(index)}));
    const Head head = makeHead(index % 2 == 1, draws);
    const double c = std::cos(head.tilt), s = std::sin(head.tilt);  // a nod
    Array volume{{1, depth, height, width}, {}};
    volume.values.reserve(static_cast<std::size_t>(elementCount(volume.shape)));
    for (int k = 0; k < depth; ++k)
        for (int j = 0; j < height; ++j)
            for (int i = 0; i < width; ++i) {
                const double x = (i - (width - 1) / 2.0) * spacing[0],
                             y = (j - (height - 1) / 2.0) * spacing[1];
                const double z = (k - (depth - 1) / 2.0) * spacing[2];
                const double value =
                    valueAt(head, {x, c * y - s * z, s * y + c * z}) + head.noise * draws.normal();
                volume.values.push_back(static_cast<float>(std::round(std::max(value, -1024.0))));
            }
    return volume;
}

}  // namespace

Demo headsDemo() {
    DataFacts facts;
    facts.source = "demo:heads";
    facts.kind = DataKind::Volume;
    facts.count = 2000;
    facts.shape = {1, depth, height, width};
    facts.dtype = "int16";
    facts.geometry.spacing = spacing;
    const auto origin = [](int extent, double step) { return -(extent - 1) / 2.0 * step; };
    facts.geometry.affine = {
        spacing[0], 0, 0,          origin(width, spacing[0]), 0, spacing[1], 0, origin(height, spacing[1]),
        0,          0, spacing[2], origin(depth, spacing[2]), 0, 0,          0, 1};
    facts.labels = {"healthy", "haemorrhage"};
    // The skull is white and the air black in it, so that the network spends its range on the brain.
    facts.windowLow = -50;
    facts.windowHigh = 110;
    return {facts, makeHeadVolume};
}

}  // namespace denoscope
