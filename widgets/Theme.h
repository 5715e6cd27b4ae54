// SPDX-License-Identifier: GPL-3.0-or-later
// The palette of the whole program. Every view takes its colours from here, by the palette it is painted
// with, so a change of theme needs nothing but a repaint.
#pragma once

#include <QColor>
#include <QPalette>

class QApplication;

namespace denoscope {

enum class ThemeKind { Light, Dark };

struct ThemeColors {
    QColor window;     // behind panels
    QColor surface;    // inside views, fields and plots
    QColor raised;     // buttons
    QColor text;       // on window, surface and raised: contrast at least 7:1
    QColor mutedText;  // captions, tick labels, placeholders: at least 4.5:1
    QColor border;
    QColor grid;        // plot grid: visible, never louder than a curve
    QColor accent;      // selection, focus rings, primary buttons
    QColor accentText;  // on accent: at least 4.5:1
    QColor warning;     // as text on surface: at least 4.5:1
    QColor error;
    QColor success;
};

const ThemeColors& themeColors(ThemeKind kind);
const ThemeColors& themeColors(const QPalette& palette);  // of the theme that this palette belongs to
ThemeKind themeKind(const QPalette& palette);
QPalette themePalette(ThemeKind kind);

// Curves, lanes and channels: eight hues that people with colour-blindness tell apart (after Okabe and Ito
// 2008), tuned to each background; beyond eight they repeat.
QColor seriesColor(const QPalette& palette, int index);

// Sets style, palette and style sheet. May be called again at any time to switch.
void applyTheme(QApplication& application, ThemeKind kind);

}  // namespace denoscope
