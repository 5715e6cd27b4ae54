// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ItemViewers.h"

#include "ui/viewers/ImageViewer.h"
#include "ui/viewers/SignalViewer.h"
#include "widgets/SliceView.h"

namespace denoscope {

namespace {

// The window that the person chose stays until the settings name another one.
ItemViewer makeVolumeViewer(QWidget* parent) {
    auto* view = new SliceView(parent);
    return {view, [view, windowed = ValueRange(0, 0)](const std::vector<Item>& items, const DataFacts& facts,
                                                      ValueRange range) mutable {
                std::vector<WindowPreset> presets;
                for (const ValueWindow& window : facts.details.windows)
                    presets.push_back({QString::fromStdString(window.name), (window.low + window.high) / 2,
                                       window.high - window.low});
                view->setWindowPresets(std::move(presets));
                view->setVolume(items.empty() ? nullptr : volumeOf(items.front()));
                if (windowed != range)
                    view->setWindow((range.first + range.second) / 2, range.second - range.first);
                windowed = range;
            }};
}

}  // namespace

ItemViewer makeItemViewer(DataKind kind, QWidget* parent) {
    if (kind == DataKind::Volume)
        return makeVolumeViewer(parent);
    if (kind == DataKind::Signal) {
        auto* view = new SignalViewer(parent);
        return {view, [view](const std::vector<Item>& items, const DataFacts& facts, ValueRange) {
                    view->setItems(items, facts);
                }};
    }
    auto* view = new ImageViewer(parent);
    return {view, [view](const std::vector<Item>& items, const DataFacts& facts, ValueRange range) {
                view->setItems(items, facts, range);
            }};
}

}  // namespace denoscope
