// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/TransferFunction.h"

#include <QCoreApplication>
#include <algorithm>
#include <cmath>

#include "widgets/ValueRange.h"

namespace denoscope {
namespace {

QString tr(const char* text) {
    return QCoreApplication::translate("TransferFunction", text);
}

TransferPoint mixed(const TransferPoint& a, const TransferPoint& b, double value) {
    const double share = b.value > a.value ? (value - a.value) / (b.value - a.value) : 1;
    const auto mix = [&](double from, double to) { return from + (to - from) * share; };
    return {value,
            QColor::fromRgbF(static_cast<float>(mix(a.color.redF(), b.color.redF())),
                             static_cast<float>(mix(a.color.greenF(), b.color.greenF())),
                             static_cast<float>(mix(a.color.blueF(), b.color.blueF()))),
            mix(a.opacity, b.opacity)};
}

TransferPoint pointAt(const std::vector<TransferPoint>& points, double value) {
    const auto above =
        std::ranges::find_if(points, [&](const TransferPoint& point) { return point.value >= value; });
    if (above == points.begin())
        return points.front();
    return above == points.end() ? points.back() : mixed(*(above - 1), *above, value);
}

TransferFunction maximumIntensity() {
    return {tr("Maximum intensity"), {{0, Qt::black, 1}, {1, Qt::white, 1}}, true, true};
}

}  // namespace

std::vector<TransferFunction> transferPresets(const QString& unit) {
    const QColor bone(240, 226, 200), skin(214, 164, 138), muscle(178, 84, 72), blood(196, 48, 36),
        air(120, 178, 214);
    if (unit == "HU")
        return {
            {tr("Bone"), {{140, bone, 0}, {240, bone, 0.08}, {500, bone, 0.5}, {1500, Qt::white, 0.9}}},
            {tr("Skin"), {{-500, skin, 0}, {-250, skin, 0.25}, {0, skin, 0.5}, {300, bone, 0.8}}},
            {tr("Soft tissue"),
             {{-120, skin, 0}, {0, muscle, 0.01}, {60, muscle, 0.06}, {160, bone, 0.1}, {600, bone, 0.7}}},
            {tr("Vessels with contrast"),
             {{120, blood, 0}, {200, blood, 0.2}, {350, blood, 0.5}, {700, bone, 0.8}}},
            {tr("Lung"),
             {{-960, air, 0},
              {-860, air, 0.01},
              {-600, air, 0.05},
              {-420, air, 0},
              {150, bone, 0},
              {500, bone, 0.4}}},
            maximumIntensity()};
    return {
        {tr("Surface"), {{0.15, skin, 0}, {0.3, skin, 0.1}, {0.6, bone, 0.35}, {1, Qt::white, 0.7}}, true},
        {tr("Translucent"), {{0.1, Qt::white, 0}, {1, Qt::white, 0.08}}, true},
        {tr("Bright parts"), {{0.55, bone, 0}, {0.75, bone, 0.25}, {1, Qt::white, 0.8}}, true},
        maximumIntensity()};
}

TransferTable transferTable(const TransferFunction& function, const WindowLevel& window, double opacityLength,
                            double step) {
    TransferTable table;
    std::vector<TransferPoint> points = function.points;
    if (function.relative)
        for (TransferPoint& point : points)
            point.value = window.low() + point.value * window.width;
    table.low = points.front().value;
    table.high = points.back().value;
    if (!(table.high > table.low))
        table.high = rangeAround(table.low).second;
    for (int i = 0; i < TransferTable::size; ++i) {
        const TransferPoint point =
            pointAt(points, table.low + (table.high - table.low) * i / (TransferTable::size - 1));
        const double opacity =
            function.maximum ? 1 : 1 - std::pow(1 - std::min(point.opacity, 0.999), step / opacityLength);
        table.entries[static_cast<std::size_t>(i)] = {point.color.redF(), point.color.greenF(),
                                                      point.color.blueF(), static_cast<float>(opacity)};
    }
    return table;
}

}  // namespace denoscope
