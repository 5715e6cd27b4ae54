// SPDX-License-Identifier: GPL-3.0-or-later
// One image, zoomed and panned, pixels kept sharp, with the value under the mouse. Wheel zooms at the cursor,
// drag pans, double click or Home fits, 1 shows it pixel for pixel; arrow keys pan, + and - zoom.
#pragma once

#include <QImage>
#include <QWidget>
#include <functional>
#include <optional>

#include "widgets/ZoomPan.h"

namespace denoscope {

class ImageView : public QWidget {
    Q_OBJECT

public:
    using ValueText = std::function<QString(int x, int y)>;

    explicit ImageView(QWidget* parent = nullptr);

    void setImage(const QImage& image);  // keeps zoom and pan when the size is the same
    const QImage& image() const { return m_image; }
    void setValueText(ValueText text);  // real values behind a pixel; without it: the image's 8-bit ones
    void setPlaceholder(const QString& sentence);

    double zoom() const { return m_zoom.scale(); }  // logical pixels per image pixel
    QString readout() const { return m_readout; }

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void fit();
    void setZoom(double scale);  // about the middle of the view

Q_SIGNALS:
    void readoutChanged(const QString& text);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void leaveEvent(QEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void updateReadout(std::optional<QPointF> position);
    QString pixelText(int x, int y) const;

    QImage m_image;
    ValueText m_valueText;
    ZoomPan m_zoom;
    QString m_placeholder;
    QString m_readout;
};

}  // namespace denoscope
