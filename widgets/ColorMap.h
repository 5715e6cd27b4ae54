// SPDX-License-Identifier: GPL-3.0-or-later
// Values to colours through a table of 256 entries.
#pragma once

#include <QRgb>
#include <array>

namespace denoscope {

enum class ColorMapKind {
    Grey,
    Dusk,  // dark violet over teal to pale yellow; lightness rises evenly (own control points, blended in
           // OKLab)
    Diverging,  // blue over near-white to red; for values around zero
};

using ColorTable = std::array<QRgb, 256>;

const ColorTable& colorTable(ColorMapKind kind);

}  // namespace denoscope
