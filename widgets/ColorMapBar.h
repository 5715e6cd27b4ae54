// SPDX-License-Identifier: GPL-3.0-or-later
// A colour bar: which colour stands for which value, upright, with a few round numbers beside it and words
// above: what the values are of, where there are several bars, and their unit.
#pragma once

#include <QString>
#include <QWidget>

#include "widgets/ColorMap.h"
#include "widgets/WindowLevel.h"

namespace denoscope {

class ColorMapBar : public QWidget {
    Q_OBJECT

public:
    explicit ColorMapBar(QWidget* parent = nullptr);

    void setMap(ColorMapKind map, const WindowLevel& window, const QString& unit, const QString& title = {});
    QString caption() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    QRect barRect() const;

    ColorMapKind m_map = ColorMapKind::Grey;
    WindowLevel m_window;
    QString m_unit;
    QString m_title;
};

}  // namespace denoscope
