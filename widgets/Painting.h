// SPDX-License-Identifier: GPL-3.0-or-later
// What several views paint alike.
#pragma once

#include <QPainter>
#include <QWidget>

namespace denoscope {

// The sentence of an empty view, wrapped, in the middle.
void paintPlaceholder(QPainter& painter, const QRect& area, const QString& sentence);

// The frame that says where the keyboard goes.
void paintFocusFrame(QPainter& painter, const QRectF& area);

// What lies under the mouse, in a box in the lower left corner; nothing where there is no text.
void paintReadout(QPainter& painter, const QRect& area, const QString& text);

// The rectangle moved and rounded so that its edges lie on device pixels.
QRectF onDevicePixels(const QPainter& painter, const QRectF& rect);

double deviceRatio(const QPainter& painter);  // device pixels per logical one, of an unscaled painter

}  // namespace denoscope
