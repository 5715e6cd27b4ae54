// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ColorMap.h"

#include <QCoreApplication>
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

// 16 evenly spaced colours of a published table, with a Catmull-Rom spline through them: nowhere more than 5
// of 255 away from the table's own 256.
using Anchors = std::array<QRgb, 16>;

ColorTable throughAnchors(const Anchors& anchors) {
    const auto channel = [&](int index, int shift) {
        const int last = static_cast<int>(anchors.size()) - 1;
        const auto level = [&](int i) {
            return static_cast<double>((anchors[static_cast<std::size_t>(i)] >> shift) & 0xFF);
        };
        if (index < 0)
            return 2 * level(0) - level(1);
        return index > last ? 2 * level(last) - level(last - 1) : level(index);
    };
    ColorTable table{};
    for (int i = 0; i < 256; ++i) {
        const int left = std::min(i / 17, 14);
        const double t = (i - 17 * left) / 17.0;
        const auto level = [&](int shift) {
            const double a = channel(left - 1, shift), b = channel(left, shift);
            const double c = channel(left + 1, shift), d = channel(left + 2, shift);
            const double value =
                b + 0.5 * t * (c - a + t * (2 * a - 5 * b + 4 * c - d + t * (3 * (b - c) + d - a)));
            return static_cast<int>(std::lround(std::clamp(value, 0.0, 255.0)));
        };
        table[static_cast<std::size_t>(i)] = qRgb(level(16), level(8), level(0));
    }
    return table;
}

constexpr Anchors viridis{0x440154, 0x481a6c, 0x472f7d, 0x414487, 0x39568c, 0x31688e, 0x2a788e, 0x23888e,
                          0x1f988b, 0x22a884, 0x35b779, 0x54c568, 0x7ad151, 0xa5db36, 0xd2e21b, 0xfde725};
constexpr Anchors magma{0x000004, 0x0b0924, 0x20114b, 0x3b0f70, 0x57157e, 0x721f81, 0x8c2981, 0xa8327d,
                        0xc43c75, 0xde4968, 0xf1605d, 0xfa7f5e, 0xfe9f6d, 0xfebf84, 0xfddea0, 0xfcfdbf};
constexpr Anchors inferno{0x000004, 0x0c0826, 0x240c4f, 0x420a68, 0x5d126e, 0x781c6d, 0x932667, 0xae305c,
                          0xc73e4c, 0xdd513a, 0xed6925, 0xf8850f, 0xfca50a, 0xfac62d, 0xf2e661, 0xfcffa4};
constexpr Anchors cividis{0x00224e, 0x002e6c, 0x1e3a6f, 0x35456c, 0x47516c, 0x575d6d, 0x666970, 0x757575,
                          0x848279, 0x948e77, 0xa59c74, 0xb7a96e, 0xc8b866, 0xdbc75a, 0xeed649, 0xfee838};
constexpr Anchors turbo{0x30123b, 0x4143a7, 0x4771e9, 0x3e9bfe, 0x22c5e2, 0x1ae4b6, 0x46f884, 0x88ff4e,
                        0xb9f635, 0xe1dd37, 0xfaba39, 0xfd8d27, 0xf05b12, 0xd63506, 0xaf1801, 0x7a0403};

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
    static const std::array<ColorTable, 8> tables{
        greyTable(),           blended(dusk),           blended(diverging),      throughAnchors(viridis),
        throughAnchors(magma), throughAnchors(inferno), throughAnchors(cividis), throughAnchors(turbo)};
    return tables[static_cast<std::size_t>(kind)];
}

std::span<const ColorMapKind> colorMaps() {
    static constexpr std::array<ColorMapKind, 8> all{
        ColorMapKind::Grey,    ColorMapKind::Viridis, ColorMapKind::Magma, ColorMapKind::Inferno,
        ColorMapKind::Cividis, ColorMapKind::Dusk,    ColorMapKind::Turbo, ColorMapKind::Diverging};
    return all;
}

QString colorMapName(ColorMapKind kind) {
    const auto named = [](const char* name) { return QCoreApplication::translate("ColorMap", name); };
    switch (kind) {
        case ColorMapKind::Dusk:
            return named("Dusk");
        case ColorMapKind::Diverging:
            return named("Blue-white-red");
        case ColorMapKind::Viridis:
            return named("Viridis");
        case ColorMapKind::Magma:
            return named("Magma");
        case ColorMapKind::Inferno:
            return named("Inferno");
        case ColorMapKind::Cividis:
            return named("Cividis");
        case ColorMapKind::Turbo:
            return named("Turbo");
        case ColorMapKind::Grey:
            break;
    }
    return named("Grey");
}

}  // namespace denoscope
