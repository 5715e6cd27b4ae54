// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceView.h"

#include <algorithm>
#include <cmath>

#include "widgets/SliceBar.h"
#include "widgets/SlicePane.h"

namespace denoscope {

namespace {

constexpr Plane planes[] = {Plane::Axial, Plane::Coronal, Plane::Sagittal};

ValueWindows windowsOfAll(const std::vector<std::shared_ptr<const Volume>>& volumes) {
    constexpr std::size_t mostValues = 1 << 28;  // looked at; time points look much alike
    std::size_t values = 0;
    ValueWindows all;
    for (const auto& volume : volumes) {
        if (!volume || values > mostValues)
            continue;
        const ValueWindows windows = windowsOf(*volume);
        all = values == 0 ? windows : windowsOfBoth(all, windows);
        values += volume->samples->size();
    }
    return all;
}

std::shared_ptr<const Volume> showing(std::optional<int> channel, std::shared_ptr<const Volume> volume) {
    if (!volume || volume->channel == channel || volume->channels <= channel.value_or(0))
        return volume;
    auto other = std::make_shared<Volume>(*volume);
    other->channel = channel;
    return other;
}

std::shared_ptr<const Volume> wholeOrNone(std::shared_ptr<const Volume> volume) {
    return volume && volume->isWhole() ? volume : nullptr;
}

}  // namespace

void SliceView::setVolume(std::shared_ptr<const Volume> volume) {
    setVolumes({std::move(volume)});
}

void SliceView::setVolumes(std::vector<std::shared_ptr<const Volume>> volumes, int index, double seconds) {
    for (auto& volume : volumes)
        volume = wholeOrNone(std::move(volume));
    if (hasVoxels() && !volumes.empty() && volumes.front() &&
        m_scene.volume->channels == volumes.front()->channels &&
        m_scene.volume->channelNames == volumes.front()->channelNames)
        for (auto& volume : volumes)
            volume = showing(m_scene.volume->channel, std::move(volume));
    const auto alike = [](const auto& a, const auto& b) {
        return a && b && a->samples == b->samples && a->channels == b->channels && a->channel == b->channel &&
               a->colorWindow == b->colorWindow && a->channelWindows == b->channelWindows;
    };
    if (!std::equal(volumes.begin(), volumes.end(), m_volumes.begin(), m_volumes.end(), alike))
        m_valueWindows = windowsOfAll(volumes);
    m_volumes = std::move(volumes);
    showTimes(seconds);
    const auto shown = static_cast<std::size_t>(std::max(index, 0));
    showVolume(shown < m_volumes.size() ? m_volumes[shown] : nullptr);
}

void SliceView::setChannel(std::optional<int> channel) {
    if (!hasVoxels() || m_scene.volume->channel == channel || channel.value_or(0) >= m_scene.volume->channels)
        return;
    const auto shown = std::find(m_volumes.begin(), m_volumes.end(), m_scene.volume) - m_volumes.begin();
    for (auto& volume : m_volumes)
        volume = showing(channel, std::move(volume));
    m_valueWindows = windowsOfAll(m_volumes);
    showTimePoint(static_cast<int>(shown));
    arrange();  // colours have no bar
    Q_EMIT sceneChanged();
}

void SliceView::showTimePoint(int index) {
    if (index < 0 || index >= static_cast<int>(m_volumes.size()))
        return;
    showVolume(m_volumes[static_cast<std::size_t>(index)]);
    Q_EMIT volumeShown(index);
}

void SliceView::showVolume(std::shared_ptr<const Volume> volume) {
    const bool same = hasVoxels() && volume && sameView(*m_scene.volume, *volume);
    const bool wasFlat = isFlat();
    m_scene.volume = std::move(volume);
    if (!same) {  // places of the former volume may lie outside of this one
        m_pointer.reset();
        m_scene.cursor = {};
    }
    if (m_scene.overlay && hasVoxels() && !shareSpace(*m_scene.overlay, *m_scene.volume))
        setOverlay(nullptr);
    if (same) {
        choosePreset(m_preset);
        setGrids();
        updateReadout();
        Q_EMIT sceneChanged();  // the channels may be others
        return;
    }
    m_scene.measurements.clear();
    m_scene.rotation = {};
    if (isFlat())
        m_scene.slab = {};
    rebuildPanes();
    if (isFlat() || wasFlat)
        m_enlarged = flatPane();
    arrange();
    resetView();
}

bool SliceView::isFlat() const {
    return hasVoxels() && m_scene.volume->isFlat();
}

SlicePane* SliceView::flatPane() const {
    const auto found = std::find_if(m_panes.begin(), m_panes.end(),
                                    [](const auto* pane) { return pane->grid().slices == 1; });
    return isFlat() && found != m_panes.end() ? *found : nullptr;
}

void SliceView::setPointer(const std::optional<Point>& point) {
    m_pointer = point;
    updateReadout();
}

void SliceView::setWindowPresets(std::vector<WindowPreset> presets) {
    if (m_preset >= firstPreset)
        m_preset = unnamedWindow;
    m_presets = std::move(presets);
    Q_EMIT sceneChanged();
}

void SliceView::choosePreset(int index) {
    if (index == automaticWindow)
        showWindow(m_valueWindows.automatic, index);
    else if (index == fullRangeWindow)
        showWindow(m_valueWindows.full, index);
    else if (index >= firstPreset && index - firstPreset < static_cast<int>(m_presets.size())) {
        const WindowPreset& preset = m_presets[static_cast<std::size_t>(index - firstPreset)];
        showWindow({preset.center, preset.width}, index);
    }
}

void SliceView::setWindow(double center, double width) {
    if (std::isfinite(center) && std::isfinite(width) && width > 0)
        showWindow({center, width}, unnamedWindow);
}

void SliceView::showWindow(const WindowLevel& window, int presetIndex) {
    m_preset = presetIndex;
    if (window != m_scene.colors.window) {
        m_scene.colors.window = window;
        recolorSlices();
        updateReadout();
        Q_EMIT windowChanged(window.center, window.width);
    }
    Q_EMIT sceneChanged();
}

void SliceView::setColorMap(ColorMapKind kind) {
    m_scene.colors.map = kind;
    recolorSlices();
    Q_EMIT sceneChanged();
}

void SliceView::setOverlay(std::shared_ptr<const Volume> overlay) {
    m_scene.overlay = wholeOrNone(std::move(overlay));
    m_scene.overlayLook.colors.window = automaticOverlayWindow();
    setOverlayLook(m_scene.overlayLook);
    resampleSlices();
    updateReadout();
}

void SliceView::setOverlayChoices(std::vector<std::shared_ptr<const Volume>> volumes) {
    std::erase_if(volumes, [](const auto& volume) { return !volume || !volume->isWhole(); });
    m_overlayChoices = std::move(volumes);
    Q_EMIT sceneChanged();
}

void SliceView::setOverlayFilesOffered(bool on) {
    m_overlayFiles = on;
    Q_EMIT sceneChanged();
}

WindowLevel SliceView::automaticOverlayWindow() const {
    if (!m_scene.overlay)
        return {};
    const std::span<const float> values = m_scene.overlay->shown();
    const WindowLevel automatic = windowsOf(*m_scene.overlay).automatic;
    // A map of both signs that is mostly empty: what is empty has to stay clear.
    const bool mostlyEmpty = 2 * std::ranges::count(values, 0.0F) > std::ssize(values);
    return mostlyEmpty && automatic.low() < 0 && automatic.high() > 0
               ? WindowLevel::fromRange(0, automatic.high())
               : automatic;
}

void SliceView::setOverlayLook(const OverlayLook& look) {
    m_scene.overlayLook = look;
    m_scene.overlayLook.colors.notFinite = m_scene.colors.notFinite;
    if (m_scene.overlay && look.mode == OverlayMode::Flicker)
        m_flicker.start();
    else
        m_flicker.stop();
    recolorSlices();
    Q_EMIT sceneChanged();
}

void SliceView::setCursor3d(const Voxel& voxel) {
    setCursorPoint(pointOf(voxel), false);
}

void SliceView::setCursorPoint(const Point& point, bool betweenVoxels) {
    if (!hasVoxels())
        return;
    const Volume& volume = *m_scene.volume;
    Point wanted{std::clamp(point[0], 0.0, volume.width - 1.0),
                 std::clamp(point[1], 0.0, volume.height - 1.0),
                 std::clamp(point[2], 0.0, volume.depth - 1.0)};
    if (!betweenVoxels)
        wanted = pointOf(nearestVoxel(wanted));
    if (wanted == m_scene.cursor)
        return;
    std::array<double, 3> before{};
    for (std::size_t i = 0; i < 3; ++i)
        before[i] = m_panes[i]->depth();
    m_scene.cursor = wanted;
    for (std::size_t i = 0; i < 3; ++i) {
        if (m_panes[i]->depth() != before[i])
            m_panes[i]->resample();
        m_panes[i]->update();
    }
    updateReadout();
    Q_EMIT cursorChanged();
}

void SliceView::setRadiological(bool on) {
    if (on == m_scene.radiological)
        return;
    m_scene.radiological = on;
    rebuildPanes();
    fitPanes();
    Q_EMIT sceneChanged();
}

void SliceView::setInterpolated(bool on) {
    m_scene.interpolated = on;
    resampleSlices();
    Q_EMIT sceneChanged();
}

void SliceView::setCrosshairShown(bool on) {
    m_scene.crosshairShown = on;
    recolorSlices();
    Q_EMIT sceneChanged();
}

void SliceView::setSlab(const Slab& slab) {
    if (slab == m_scene.slab)
        return;
    m_scene.slab = slab;
    resampleSlices();
    Q_EMIT sceneChanged();
}

void SliceView::setRotation(const QQuaternion& rotation) {
    if (!hasVoxels() || isFlat() || rotation == m_scene.rotation)
        return;
    std::array<QPointF, 3> before;
    for (std::size_t i = 0; i < 3; ++i)
        before[i] = m_panes[i]->positionOf(m_scene.cursor);
    m_scene.rotation = rotation;
    if (rotation.isIdentity())
        m_scene.cursor = pointOf(nearestVoxel(m_scene.cursor));
    rebuildPanes();
    m_fitted = false;
    for (std::size_t i = 0; i < 3; ++i)
        m_panes[i]->panBy(before[i] - m_panes[i]->positionOf(m_scene.cursor));
    updateReadout();
    Q_EMIT sceneChanged();
}

void SliceView::setTool(SliceTool tool) {
    m_scene.tool = tool;
    Q_EMIT sceneChanged();
}

std::size_t SliceView::addMeasurement(const Measurement& measurement) {
    m_scene.measurements.push_back(measurement);
    pane(measurement.plane)->update();
    Q_EMIT sceneChanged();
    return m_scene.measurements.size() - 1;
}

void SliceView::changeMeasurement(std::size_t index, const Measurement& measurement) {
    m_scene.measurements.at(index) = measurement;
    pane(measurement.plane)->update();
}

void SliceView::removeMeasurement(std::size_t index) {
    m_scene.measurements.erase(m_scene.measurements.begin() + static_cast<std::ptrdiff_t>(index));
    for (SlicePane* target : m_panes)
        target->update();
    Q_EMIT sceneChanged();
}

void SliceView::clearMeasurements() {
    m_scene.measurements.clear();
    for (SlicePane* target : m_panes)
        target->update();
    Q_EMIT sceneChanged();
}

void SliceView::setFramesPerSecond(double rate) {
    m_framesPerSecond = std::clamp(rate, 1.0, 60.0);
    m_cine.setInterval(static_cast<int>(1000 / m_framesPerSecond));
    Q_EMIT sceneChanged();
}

void SliceView::setCine(bool playing) {
    if (playing && hasVoxels() && !isFlat())
        m_cine.start();
    else
        m_cine.stop();
    Q_EMIT sceneChanged();
}

void SliceView::advanceCine() {
    const SliceGrid& grid = m_active->grid();
    const Point here = grid.positionOf(m_scene.cursor), before = m_scene.cursor;
    if (here[2] + 1 <= grid.slices - 0.5)
        setCursorPoint(grid.voxelAt(here[0], here[1], here[2] + 1), grid.oblique);
    if (m_scene.cursor == before)  // at the last one
        setCursorPoint(grid.voxelAt(here[0], here[1], 0), grid.oblique);
}

void SliceView::setGrids() {
    for (const Plane plane : planes)
        pane(plane)->setGrid(sliceGrid(plane, *m_scene.volume, m_scene.radiological, m_scene.rotation));
}

void SliceView::rebuildPanes() {
    const bool shown = hasVoxels();
    if (shown)
        setGrids();
    m_bar->setEnabled(shown);
    if (shown)  // a cursor of the volume before may lie outside of this one
        setCursorPoint(m_scene.cursor, !m_scene.rotation.isIdentity());
    else
        setCine(false);
    arrange();
}

void SliceView::resampleSlices() {
    for (SlicePane* target : m_panes)
        target->resample();
}

void SliceView::recolorSlices() {
    for (SlicePane* target : m_panes)
        target->recolor();
}

void SliceView::resetView() {
    m_fitted = true;
    if (hasVoxels()) {
        setRotation({});
        m_fitted = true;
        const Volume& volume = *m_scene.volume;
        setCursor3d(middleVoxel({volume.width, volume.height, volume.depth}, gridAffine(volume)));
        choosePreset(automaticWindow);
    }
    resampleSlices();
    fitPanes();
    updateReadout();
    update();
}

void SliceView::fitPanes() {
    m_fitted = true;
    if (!hasVoxels())
        return;
    const auto isFitted = [&](const SlicePane* target) { return !m_enlarged || target == m_enlarged; };
    double scale = 1e9;  // one for all panes: lengths can be compared by eye
    for (const SlicePane* target : m_panes)
        if (isFitted(target))
            scale = std::min(scale, target->fittingScale());
    for (SlicePane* target : m_panes)
        target->fit(scale);
}

void SliceView::zoomBy(double factor, SlicePane* at, QPointF position) {
    m_fitted = false;
    for (SlicePane* target : m_panes)
        target->zoomAt(target == at ? position : target->positionOf(m_scene.cursor), factor);
}

}  // namespace denoscope
