// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>
#include <vector>

#include "ui/ItemPictures.h"
#include "ui/PanelContext.h"

namespace denoscope {

// The large view of one kind of data: what the viewer panel needs of it, so that it knows no view by name.
struct ItemViewer {
    QWidget* widget = nullptr;
    std::function<void(const std::vector<Item>&, const DataFacts&, ChosenRange)> setItems;
};

// The kind whose view suits these data best: an image that says where it lies, in what unit its values are or
// which window they want is one slice of a volume.
DataKind viewOf(const DataFacts& facts);

// Owned by `parent`; what the context names outlives it.
ItemViewer makeItemViewer(DataKind kind, const PanelContext& context, QWidget* parent);

}  // namespace denoscope
