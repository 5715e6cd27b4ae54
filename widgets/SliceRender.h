// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a slice as a picture, alone or together with those of a second volume.
#pragma once

#include <QImage>

#include "widgets/ColorMap.h"
#include "widgets/SliceSample.h"
#include "widgets/WindowLevel.h"

namespace denoscope {

struct SliceColors {
    WindowLevel window;
    ColorMapKind map = ColorMapKind::Grey;  // not of red, green and blue
    QRgb notFinite = qRgb(255, 0, 0);       // what infinities and NaN are drawn as

    bool operator==(const SliceColors&) const = default;
};

// How a second volume is laid over the first.
enum class OverlayMode {
    Blend,         // with its opacity; clear where its values are at or below its window
    Checkerboard,  // eight fields along the longer side
    Flicker,       // one after the other: `second` says which
    Difference,  // first minus second, blue to red, white where they agree; as wide as the first one's window
};

struct OverlayLook {
    OverlayMode mode = OverlayMode::Blend;
    double opacity = 0.5;  // 0..1, of Blend
    SliceColors colors{{}, ColorMapKind::Inferno};
    bool second = false;

    bool operator==(const OverlayLook&) const = default;
};

WindowLevel differenceWindow(
    const WindowLevel& window);  // what Difference shows, given the first one's window

// columns x rows pixels; black outside of the volume.
QImage renderSlice(const SliceValues& slice, const SliceColors& colors);

// `second`: the other volume's values on the same pixels.
QImage renderSlice(const SliceValues& slice, const SliceColors& colors, const SliceValues& second,
                   const OverlayLook& look);

}  // namespace denoscope
