// SPDX-License-Identifier: GPL-3.0-or-later
// Values to colours through a table of 256 entries.
#pragma once

#include <QRgb>
#include <QString>
#include <array>
#include <span>

namespace denoscope {

enum class ColorMapKind {
    Grey,
    Dusk,  // dark violet over teal to pale yellow; lightness rises evenly (own control points, blended in
           // OKLab)
    Diverging,  // blue over near-white to red; for values around zero
    Viridis,    // Smith, van der Walt and Firing 2015
    Magma,
    Inferno,
    Cividis,  // Nunez, Anderton and Renslow 2018: the same to people with and without colour-blindness
    Turbo,    // Mikhailov 2019: a rainbow without false edges; lightness rises and falls
};

using ColorTable = std::array<QRgb, 256>;

const ColorTable& colorTable(ColorMapKind kind);
std::span<const ColorMapKind> colorMaps();  // in the order in which they are offered
QString colorMapName(ColorMapKind kind);

}  // namespace denoscope
