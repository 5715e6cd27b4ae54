// SPDX-License-Identifier: GPL-3.0-or-later
// A volume seen from outside. Left button turns it, wheel zooms, middle drag
// (or Shift+left) pans, double click resets; arrow keys turn, + and - zoom,
// Home resets. While it moves it is drawn as finely as the machine manages
// within a frame, then once more in full; a line says by what and at what
// resolution.
#pragma once

#include <QTimer>
#include <QWidget>

#include "widgets/RenderThread.h"

class QComboBox;
class QToolButton;

namespace denoscope {

class VolumeRenderView : public QWidget {
    Q_OBJECT

public:
    explicit VolumeRenderView(RenderThread::Means means = RenderThread::Means::Best,
                              QWidget* parent = nullptr);
    ~VolumeRenderView() override;

    void setVolume(std::shared_ptr<const Volume> volume);  // keeps camera and clipping on the same grid
    void setWindow(const WindowLevel& window);             // for transfer functions that refer to it
    void setPlaceholder(const QString& sentence);

    QStringList presetNames() const;
    void choosePreset(int index);
    const ClipBox& clip() const { return m_clip; }
    void setClip(const ClipBox& clip);
    const RenderCamera& camera() const { return m_camera; }
    void setCamera(const RenderCamera& camera);

    const QImage& picture() const { return m_picture.image; }
    bool isFinal() const;  // what is shown is what was asked for, in full
    QString note() const;  // "OpenGL, llvmpipe, 640 x 480"

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void resetView();

Q_SIGNALS:
    void pictureChanged();

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void changeEvent(QEvent* event) override;
    void wheelEvent(QWheelEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void mouseMoveEvent(QMouseEvent* event) override;
    void mouseReleaseEvent(QMouseEvent* event) override;
    void mouseDoubleClickEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    void buildTools();
    QWidget* buildClipping();
    void changed();  // draws coarsely now and in full once nothing moves
    void request(double share);
    void take(const RenderedPicture& picture);
    QSize fullSize() const;
    QRect pictureRect() const;
    void paintNote(QPainter& painter) const;
    void paintDirections(QPainter& painter) const;

    RenderThread::Means m_means;
    RenderThread* m_renderer = nullptr;  // from the first picture on: many windows never show a volume
    std::shared_ptr<const Volume> m_volume;
    WindowLevel m_window;
    RenderCamera m_camera;
    ClipBox m_clip;
    std::vector<TransferFunction> m_presets;
    int m_preset = 0;
    RenderedPicture m_picture;
    std::int64_t m_asked = 0;  // number of the newest request
    double m_secondsPerPixel = 2e-7;
    QTimer m_settled;
    QPointF m_lastPosition;
    QString m_placeholder;
    QComboBox* m_presetBox = nullptr;
    QToolButton* m_clipButton = nullptr;
    QWidget* m_clipping = nullptr;
    QWidget* m_tools = nullptr;
};

}  // namespace denoscope
