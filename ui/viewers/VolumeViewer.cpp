// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/VolumeViewer.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <utility>

#include "ui/Preferences.h"
#include "widgets/VolumeRenderView.h"

namespace denoscope {

namespace {

constexpr auto presetsKey = "volume/windows";

// A list of [name, centre, width].
QString textOf(const std::vector<WindowPreset>& presets) {
    QJsonArray all;
    for (const WindowPreset& preset : presets)
        all.append(QJsonArray{preset.name, preset.center, preset.width});
    return QString::fromUtf8(QJsonDocument(all).toJson(QJsonDocument::Compact));
}

std::vector<WindowPreset> presetsFrom(const QString& text) {
    std::vector<WindowPreset> presets;
    for (const QJsonValue& entry : QJsonDocument::fromJson(text.toUtf8()).array()) {
        const QJsonArray parts = entry.toArray();
        const WindowPreset preset{parts.at(0).toString(), parts.at(1).toDouble(), parts.at(2).toDouble()};
        if (!preset.name.isEmpty() && preset.width > 0)
            presets.push_back(preset);
    }
    return presets;
}

std::vector<std::shared_ptr<const Volume>> volumesOf(const std::vector<Item>& items, const DataFacts& facts) {
    std::vector<std::shared_ptr<const Volume>> volumes;
    for (const Item& item : items)
        if (auto volume = volumeOf(item, facts.details, facts.dtype))
            volumes.push_back(std::move(volume));
    return volumes;
}

}  // namespace

VolumeViewer::VolumeViewer(Preferences& preferences, QWidget* parent)
    : QWidget(parent),
      m_preferences(preferences),
      m_slices(new SliceView(this)),
      m_outside(new VolumeRenderView(RenderThread::Means::Best, m_slices)) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_slices);
    setFocusProxy(m_slices);
    m_slices->setInterpolated(preferences.value("volume/interpolated", true).toBool());
    m_slices->setRadiological(preferences.value("volume/radiological", true).toBool());
    m_slices->setFourthPane(m_outside);
    m_slices->setFourthShown(preferences.value("volume/outside", true).toBool());
    connect(m_slices, &SliceView::windowChanged, m_outside,
            [this] { m_outside->setWindow(m_slices->window()); });
    connect(m_slices, &SliceView::volumeShown, this, &VolumeViewer::showOutside);
    connect(m_slices, &SliceView::windowPresetsEdited, this, &VolumeViewer::keepPresets);
    connect(m_slices, &SliceView::sceneChanged, this, [this] {
        m_preferences.setValue("volume/interpolated", m_slices->scene().interpolated);
        m_preferences.setValue("volume/radiological", m_slices->radiological());
        m_preferences.setValue("volume/outside", m_slices->isFourthShown());
    });
}

void VolumeViewer::setItems(const std::vector<Item>& items, const DataFacts& facts, ChosenRange chosen) {
    auto volumes = volumesOf(items, facts);
    const auto source = std::pair(facts.source, facts.details.part);
    const auto& shown = m_slices->volume();
    const bool other = chosen != m_windowed || source != m_source || volumes.empty() || !shown ||
                       !sameView(*shown, *volumes.front());
    offerPresets(facts);
    const bool timePoints = std::all_of(volumes.begin(), volumes.end(), [&](const auto& volume) {
        return sameGrid(*volume, *volumes.front());
    });
    if (timePoints) {
        m_slices->setOverlayChoices({});
        m_slices->setVolumes(std::move(volumes), 0, facts.details.timeStep);
    } else {
        m_slices->setVolume(volumes.front());
        m_slices->setOverlayChoices({volumes.begin() + 1, volumes.end()});
    }
    if (other)
        lookAt(chosen, facts);
    m_windowed = chosen;
    m_source = source;
    m_outside->setWindow(m_slices->window());
    showOutside();
}

void VolumeViewer::showOutside() {
    m_outside->setVolume(m_slices->isFlat() ? nullptr : m_slices->volume());
}

void VolumeViewer::lookAt(ChosenRange chosen, const DataFacts& facts) {
    if (!chosen)
        return m_slices->choosePreset(windowsIn(facts).empty() ? automaticWindow : firstPreset);
    const WindowLevel window = WindowLevel::fromRange(chosen->first, chosen->second);
    const auto& presets = m_slices->windowPresets();
    const auto named = std::find_if(presets.begin(), presets.end(), [&](const WindowPreset& preset) {
        return WindowLevel{preset.center, preset.width} == window;
    });
    if (named == presets.end())
        m_slices->setWindow(window.center, window.width);
    else
        m_slices->choosePreset(firstPreset + static_cast<int>(named - presets.begin()));
}

void VolumeViewer::offerPresets(const DataFacts& facts) {
    m_given.clear();
    for (const ValueWindow& window : windowsIn(facts)) {
        const WindowLevel level = WindowLevel::fromRange(window.low, window.high);
        m_given.push_back({QString::fromStdString(window.name), level.center, level.width});
    }
    if (facts.details.unit == "HU")
        for (const WindowPreset& preset : ctPresets())
            m_given.push_back(preset);
    std::vector<WindowPreset> all = m_given;
    for (const WindowPreset& own : presetsFrom(m_preferences.value(presetsKey, QString()).toString())) {
        const auto same = std::find_if(all.begin(), all.end(),
                                       [&](const WindowPreset& given) { return given.name == own.name; });
        if (same == all.end())
            all.push_back(own);
        else
            *same = own;  // changed by the person
    }
    if (all != m_slices->windowPresets())
        m_slices->setWindowPresets(std::move(all));
}

void VolumeViewer::keepPresets() {
    std::vector<WindowPreset> own = m_slices->windowPresets();
    std::erase_if(own, [&](const WindowPreset& preset) {
        return std::find(m_given.begin(), m_given.end(), preset) != m_given.end();
    });
    m_preferences.setValue(presetsKey, textOf(own));
}

}  // namespace denoscope
