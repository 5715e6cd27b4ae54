// SPDX-License-Identifier: GPL-3.0-or-later
// Icons drawn from paths in the application's text colour: sharp at every scale factor, right in both themes.
#pragma once

#include <QIcon>

namespace denoscope {

enum class Glyph {
    Play,
    Pause,
    Stop,
    StepBack,
    StepForward,
    First,
    Last,
    Fit,
    Record,
    Crosshair,
    Window,    // a half moon: bright and dark
    Contrast,  // bars of a histogram
    Turn,
    Ruler,
    Ellipse,
    Rectangle,
    Planes,
    Layers,
    More  // what has no room
};

QIcon glyphIcon(Glyph glyph);

}  // namespace denoscope
