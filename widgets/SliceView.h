// SPDX-License-Identifier: GPL-3.0-or-later
// A volume as three linked slices at full resolution, drawn without OpenGL. The panes are anatomical: axial,
// coronal and sagittal are found from the affine for every orientation. The left button does what the chosen
// tool says (it moves the crosshair at first); wheel goes through the slices; right or Shift+left drag sets
// window and level; Ctrl+wheel zooms to the mouse, middle drag pans; Alt+left drag turns the planes about the
// crosshair; double click resets; the right button, unmoved, opens a menu. Keys: arrows move the crosshair in
// the pane, PageUp/PageDown go through slices, Space plays them, + and - zoom, F enlarges the pane, I
// interpolates, X hides the crosshair, Delete removes the last measurement, Escape returns to the crosshair,
// Home resets.
#pragma once

#include <QTimer>
#include <QWidget>
#include <array>
#include <memory>
#include <optional>
#include <vector>

#include "widgets/SliceScene.h"

class QLabel;

namespace denoscope {

class ColorMapBar;
class ScrubBar;
class SliceBar;
class SlicePane;

enum PresetIndex { unnamedWindow = -1, automaticWindow = 0, fullRangeWindow = 1, firstPreset = 2 };

class SliceView : public QWidget {
    Q_OBJECT

public:
    explicit SliceView(QWidget* parent = nullptr);
    ~SliceView() override;

    // Keeps crosshair, zoom, measurements and a window that the person chose when the new volume has the same
    // shape and affine, or is another slice of the same (sameView).
    void setVolume(std::shared_ptr<const Volume> volume);
    // Time points: a slider chooses among them, under one window. `seconds` between two; 0 where unknown.
    void setVolumes(std::vector<std::shared_ptr<const Volume>> volumes, int index = 0, double seconds = 0);
    const std::shared_ptr<const Volume>& volume() const { return m_scene.volume; }
    bool isFlat() const;  // one slice: a picture, alone in its pane, over which the wheel zooms
    // One of several channels; none: red, green and blue where there are three, else the first. Stays while
    // the volumes have the same channels.
    void setChannel(std::optional<int> channel);
    void setPlaceholder(const QString& sentence);
    void setBarShown(bool on);  // the tool bar; its menu stays with the right button
    const SliceScene& scene() const { return m_scene; }

    void setWindowPresets(std::vector<WindowPreset> presets);  // offered after "Automatic" and "Full range"
    const std::vector<WindowPreset>& windowPresets() const { return m_presets; }
    void choosePreset(int index);  // a PresetIndex
    int preset() const { return m_preset; }
    void setWindow(double center, double width);
    const WindowLevel& window() const { return m_scene.colors.window; }
    void setColorMap(ColorMapKind kind);

    void setOverlay(std::shared_ptr<const Volume> overlay);  // placed by its affine; null: none
    void setOverlayLook(const OverlayLook& look);
    void setOverlayChoices(std::vector<std::shared_ptr<const Volume>> volumes);  // offered by name
    const std::vector<std::shared_ptr<const Volume>>& overlayChoices() const { return m_overlayChoices; }
    void setOverlayFilesOffered(bool on);  // to choose one from a file; false at first
    bool areOverlayFilesOffered() const { return m_overlayFiles; }
    WindowLevel automaticOverlayWindow() const;

    void setCursor3d(const Voxel& voxel);  // (i, j, k); clamped into the volume
    void setCursorPoint(const Point& point, bool betweenVoxels);
    Voxel cursor3d() const { return nearestVoxel(m_scene.cursor); }
    void setRadiological(bool on);  // true (default): the patient's right is on the left
    bool radiological() const { return m_scene.radiological; }
    void setInterpolated(bool on);
    void setCrosshairShown(bool on);
    void setSlab(const Slab& slab);
    void setRotation(const QQuaternion& rotation);  // the crosshair stays where it is on the screen
    void setTool(SliceTool tool);

    std::size_t addMeasurement(const Measurement& measurement);  // its index
    void changeMeasurement(std::size_t index, const Measurement& measurement);
    void removeMeasurement(std::size_t index);
    void clearMeasurements();

    void setCine(bool playing);  // through the slices of the pane that was used last, round and round
    bool isCinePlaying() const { return m_cine.isActive(); }
    void setFramesPerSecond(double rate);
    double framesPerSecond() const { return m_framesPerSecond; }

    SlicePane* pane(Plane plane) const { return m_panes[static_cast<std::size_t>(plane)]; }
    void setActivePane(SlicePane* target) { m_active = target; }  // the one used last
    SlicePane* activePane() const { return m_active; }
    void enlarge(SlicePane* target);  // alone; null: all
    SlicePane* enlarged() const { return m_enlarged; }
    void setFourthPane(QWidget* widget);  // beside the slices, e.g. the volume seen from outside; owned
    QWidget* fourthPane() const { return m_fourth; }
    void setFourthShown(bool on);
    bool isFourthShown() const { return m_fourth && m_fourthWanted; }

    void zoomBy(double factor, SlicePane* at, QPointF position);
    void keepZoom() { m_fitted = false; }  // zoom and pan are the person's own from now on
    void openMenu(QPoint globalPosition);
    void setPointer(const std::optional<Point>& point);  // of the mouse over a picture; none: elsewhere
    QString readout() const;      // voxel, millimetres and value at the crosshair; of a picture, at the mouse
    QImage panesPicture() const;  // the panes as they are on the screen

    QSize minimumSizeHint() const override;
    QSize sizeHint() const override;

public Q_SLOTS:
    void resetView();  // zoom, pan, rotation, crosshair in the middle, automatic window

Q_SIGNALS:
    void windowChanged(double center, double width);
    void cursorChanged();
    void volumeShown(int index);  // of those set together
    void sceneChanged();          // anything that a tool bar shows
    void windowPresetsEdited();   // by the person
    void overlayFileWanted(bool folder);

protected:
    void resizeEvent(QResizeEvent* event) override;
    void showEvent(QShowEvent* event) override;
    void hideEvent(QHideEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool event(QEvent* event) override;

private:
    bool hasVoxels() const { return m_scene.volume != nullptr; }
    void showVolume(std::shared_ptr<const Volume> volume);  // the windows are known
    void buildTimeBar();
    void showTimes(double seconds);  // the slider of m_volumes
    void showTimePoint(int index);
    void arrange();  // the panes' places
    void setGrids();
    void rebuildPanes();  // geometry of every pane, after a new volume, convention or rotation
    void resampleSlices();
    void recolorSlices();
    SlicePane* flatPane() const;  // the only one of a picture; null for volumes
    bool overlayHasColors() const;
    void placePanes(const QRect& area);
    void fitPanes();
    void showWindow(const WindowLevel& window, int presetIndex);
    void advanceCine();
    QStringList readoutParts() const;
    QStringList readoutLines() const;  // as they fit below the panes
    int readoutHeight();
    void updateReadout();
    void updateColorBar();

    SliceScene m_scene;
    std::vector<std::shared_ptr<const Volume>> m_volumes, m_overlayChoices;
    std::array<SlicePane*, 3> m_panes{};
    SlicePane* m_active = nullptr;
    SlicePane* m_enlarged = nullptr;
    QWidget* m_fourth = nullptr;
    bool m_fourthWanted = true;
    bool m_overlayFiles = false;
    std::vector<WindowPreset> m_presets;
    int m_preset = automaticWindow;
    ValueWindows m_valueWindows;
    bool m_fitted = true;  // the panes show everything until the person zooms or pans
    std::optional<Point> m_pointer;
    QString m_placeholder;
    QTimer m_cine, m_flicker;
    double m_framesPerSecond = 15;
    SliceBar* m_bar = nullptr;
    ColorMapBar* m_colorBar = nullptr;
    ColorMapBar* m_overlayBar = nullptr;
    ScrubBar* m_time = nullptr;
    QLabel* m_readoutLabel = nullptr;
    int m_readoutLineCount = 1;  // that there is room for
};

}  // namespace denoscope
