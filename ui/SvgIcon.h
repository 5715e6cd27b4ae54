// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QIcon>
#include <QPalette>
#include <QPixmap>

namespace denoscope {

// The drawing resources/icons/<name>.svg in the application's text colour: sharp at every scale, and it
// follows a change of theme by itself. Drawings are black on nothing; black is what gets recoloured.
QIcon svgIcon(const QString& name);

// The same as a picture of the given logical size, in a colour of your choice.
QPixmap svgPixmap(const QString& name, QSize size, const QColor& color, qreal devicePixelRatio);

// The program's own icon, in its own colours.
QIcon applicationIcon();

}  // namespace denoscope
