// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/viewers/ItemViewers.h"

#include "ui/viewers/ImageViewer.h"
#include "ui/viewers/OverlayFiles.h"
#include "ui/viewers/SignalViewer.h"
#include "ui/viewers/VolumeViewer.h"

namespace denoscope {

DataKind viewOf(const DataFacts& facts) {
    const bool saysMore = !facts.details.unit.empty() || !facts.details.windows.empty() ||
                          facts.windowLow < facts.windowHigh || facts.geometry != Geometry();
    return facts.kind == DataKind::Image && saysMore ? DataKind::Volume : facts.kind;
}

ItemViewer makeItemViewer(DataKind kind, const PanelContext& context, QWidget* parent) {
    if (kind == DataKind::Volume) {
        auto* view = new VolumeViewer(context.preferences, parent);
        new OverlayFiles(context.model, context.preferences, view->slices());
        return {view, [view](const std::vector<Item>& items, const DataFacts& facts, ChosenRange chosen) {
                    view->setItems(items, facts, chosen);
                }};
    }
    if (kind == DataKind::Signal) {
        auto* view = new SignalViewer(parent);
        return {view, [view](const std::vector<Item>& items, const DataFacts& facts, ChosenRange) {
                    view->setItems(items, facts);
                }};
    }
    auto* view = new ImageViewer(parent);
    return {view, [view](const std::vector<Item>& items, const DataFacts& facts, ChosenRange chosen) {
                view->setItems(items, facts, chosen);
            }};
}

}  // namespace denoscope
