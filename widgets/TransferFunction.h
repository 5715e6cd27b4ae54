// SPDX-License-Identifier: GPL-3.0-or-later
// Which colour and opacity a value has when a volume is rendered.
#pragma once

#include <QColor>
#include <QString>
#include <array>
#include <vector>

#include "widgets/WindowLevel.h"

namespace denoscope {

struct TransferPoint {
    double value = 0;
    QColor color;
    double opacity = 0;  // of one opacityLength of material, 0..1
};

struct TransferFunction {
    QString name;
    std::vector<TransferPoint> points;  // ascending values, blended linearly in between
    bool relative = false;              // values are shares of the window instead of units
    bool maximum = false;               // the largest value along the ray instead of what light would do
};

// Presets for a volume whose values have this unit: those of CT for "HU", otherwise shares of the window.
std::vector<TransferFunction> transferPresets(const QString& unit);

// A transfer function as a table over the values low..high, for one length of step.
struct TransferTable {
    static constexpr int size = 1024;
    double low = 0, high = 1;
    std::array<std::array<float, 4>, size> entries{};  // red, green, blue 0..1; opacity of one step
};

// `opacityLength` and `step` in mm: a longer step through the same material is more opaque, 1 - (1 - a)^(step
// / opacityLength).
TransferTable transferTable(const TransferFunction& function, const WindowLevel& window, double opacityLength,
                            double step);

}  // namespace denoscope
