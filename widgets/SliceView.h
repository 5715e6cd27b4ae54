// SPDX-License-Identifier: GPL-3.0-or-later
// A volume as three linked orthogonal slices at full resolution, drawn without OpenGL. The panes are
// anatomical: axial, coronal and sagittal are found from the affine for every orientation (oblique ones by
// their closest axes). Left button moves the crosshair, wheel goes through the slices, right or Shift+left
// drag sets window and level, Ctrl+wheel zooms, middle drag pans, double click resets. Keys: arrows move the
// crosshair in the pane, PageUp/PageDown go through slices, + and - zoom, Home resets.
#pragma once

#include <QWidget>
#include <array>
#include <memory>
#include <vector>

#include "widgets/ColorMap.h"
#include "widgets/SliceGeometry.h"
#include "widgets/Volume.h"
#include "widgets/WindowLevel.h"

class QComboBox;
class QLabel;
class QToolButton;

namespace denoscope {

class SlicePane;

struct WindowPreset {
    QString name;
    double center = 0;
    double width = 1;
};

class SliceView : public QWidget {
    Q_OBJECT

public:
    explicit SliceView(QWidget* parent = nullptr);
    ~SliceView() override;

    // Keeps crosshair, zoom and a window that the person chose when the new volume has the same shape and
    // affine.
    void setVolume(std::shared_ptr<const Volume> volume);
    const std::shared_ptr<const Volume>& volume() const { return m_volume; }
    void setPlaceholder(const QString& sentence);

    void setWindowPresets(std::vector<WindowPreset> presets);  // offered after "Automatic" and "Full range"
    void setWindow(double center, double width);
    const WindowLevel& window() const { return m_window; }

    void setCursor3d(const Voxel& voxel);  // (i, j, k); clamped into the volume
    const Voxel& cursor3d() const { return m_cursor; }

    void setRadiological(bool on);  // true (default): the patient's right is on the left
    bool radiological() const { return m_radiological; }
    void setColorMap(ColorMapKind kind);

    SlicePane* pane(Plane plane) const { return m_panes[static_cast<std::size_t>(plane)]; }
    QString readout() const;  // voxel, millimetres and value at the crosshair

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void resetView();  // zoom, pan, crosshair in the middle, automatic window

Q_SIGNALS:
    void windowChanged(double center, double width);
    void cursorChanged();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    friend class SlicePane;
    bool hasVoxels() const;
    void buildHeader();
    void arrange();        // the panes' places
    void rebuildPanes();   // geometry of every pane, after a new volume or convention
    void refreshSlices();  // pictures of every pane
    void fitPanes();
    void zoomBy(double factor, SlicePane* at, QPointF position);
    void choosePreset(int index);  // of the combo box
    void showWindow(const WindowLevel& window, int presetIndex);
    void updateReadout();

    std::shared_ptr<const Volume> m_volume;
    std::array<SlicePane*, 3> m_panes{};
    std::vector<WindowPreset> m_presets;
    WindowLevel m_window;
    ValueWindows m_valueWindows;
    Voxel m_cursor{0, 0, 0};
    ColorMapKind m_colorMap = ColorMapKind::Grey;
    bool m_radiological = true;
    bool m_fitted = true;  // the panes show everything until the person zooms or pans
    QString m_placeholder;
    QWidget* m_header = nullptr;
    QComboBox* m_presetBox = nullptr;
    QToolButton* m_convention = nullptr;
    QLabel* m_readoutLabel = nullptr;
};

}  // namespace denoscope
