// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ColorMap.h"

#include <algorithm>
#include <cmath>
#include <span>

namespace denoscope {

namespace {

struct OkLab {  // Ottosson 2020: a space in which equal steps look equal
    double lightness, a, b;
};

double encodedSrgb(double linear) {  // IEC 61966-2-1
    linear = std::clamp(linear, 0.0, 1.0);
    return linear <= 0.0031308 ? 12.92 * linear : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

QRgb toRgb(const OkLab& color) {
    const double l = std::pow(color.lightness + 0.3963377774 * color.a + 0.2158037573 * color.b, 3);
    const double m = std::pow(color.lightness - 0.1055613458 * color.a - 0.0638541728 * color.b, 3);
    const double s = std::pow(color.lightness - 0.0894841775 * color.a - 1.2914855480 * color.b, 3);
    const double red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
    const double green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
    const double blue = -0.0041960863 * l - 0.7034186147 * m + 1.7076147010 * s;
    const auto byte = [](double linear) { return static_cast<int>(std::lround(encodedSrgb(linear) * 255)); };
    return qRgb(byte(red), byte(green), byte(blue));
}

ColorTable blended(std::span<const OkLab> points) {  // evenly spaced control points
    ColorTable table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        const double position = static_cast<double>(i) / 255 * static_cast<double>(points.size() - 1);
        const auto left = std::min(static_cast<std::size_t>(position), points.size() - 2);
        const double t = position - static_cast<double>(left);
        const OkLab& p = points[left];
        const OkLab& q = points[left + 1];
        table[i] =
            toRgb({std::lerp(p.lightness, q.lightness, t), std::lerp(p.a, q.a, t), std::lerp(p.b, q.b, t)});
    }
    return table;
}

ColorTable greyTable() {
    ColorTable table{};
    for (int i = 0; i < 256; ++i)
        table[static_cast<std::size_t>(i)] = qRgb(i, i, i);
    return table;
}

// Lightness rises by the same amount between neighbours.
constexpr std::array<OkLab, 5> dusk{{{0.16, 0.02, -0.07},
                                     {0.36, 0.01, -0.12},
                                     {0.56, -0.08, -0.04},
                                     {0.76, -0.11, 0.09},
                                     {0.96, -0.01, 0.12}}};
constexpr std::array<OkLab, 5> diverging{
    {{0.40, -0.02, -0.15}, {0.68, -0.04, -0.09}, {0.97, 0.0, 0.0}, {0.68, 0.12, 0.08}, {0.40, 0.14, 0.07}}};

}  // namespace

const ColorTable& colorTable(ColorMapKind kind) {
    static const ColorTable grey = greyTable();
    static const ColorTable duskTable = blended(dusk);
    static const ColorTable divergingTable = blended(diverging);
    switch (kind) {
        case ColorMapKind::Dusk:
            return duskTable;
        case ColorMapKind::Diverging:
            return divergingTable;
        case ColorMapKind::Grey:
            break;
    }
    return grey;
}

}  // namespace denoscope
