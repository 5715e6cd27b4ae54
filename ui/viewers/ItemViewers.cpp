// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ItemViewers.h"

#include "ui/viewers/ImageViewer.h"
#include "ui/viewers/SignalViewer.h"
#include "ui/viewers/VolumeViewer.h"

namespace denoscope {

ItemViewer makeItemViewer(DataKind kind, Preferences& preferences, QWidget* parent) {
    if (kind == DataKind::Volume) {
        auto* view = new VolumeViewer(preferences, parent);
        return {view, [view](const std::vector<Item>& items, const DataFacts& facts, ValueRange range) {
                    view->setItems(items, facts, range);
                }};
    }
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
