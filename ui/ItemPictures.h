// SPDX-License-Identifier: GPL-3.0-or-later
// From items as the engine gives them to what the views draw.
#pragma once

#include <QImage>
#include <QString>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/api/Data.h"
#include "widgets/Histogram.h"
#include "widgets/SliceView.h"
#include "widgets/ValuePicture.h"
#include "widgets/WaveformView.h"

namespace denoscope {

using ValueRange = std::pair<double, double>;  // from black to white

// The window of values that somebody chose in the settings; none: what suits the data, or the view.
using ChosenRange = std::optional<ValueRange>;

// Images: grey or colour. Volumes: the middle axial slice. Signals have none and give an empty image. Values
// that are not numbers are drawn black.
QImage pictureOf(const Item& item, ValueRange range);

// All share the values; of an item of another kind there is nothing in them. An image becomes a volume of one
// slice, as far as it says where that lies. `dtype` is how the file stores them (DataFacts), if that is
// known; `windows`: what its channels are drawn on where nobody chooses.
ValueImage valueImageOf(const Item& item, const QString& caption);
std::shared_ptr<const Volume> volumeOf(const Item& item, const SourceDetails& details = {},
                                       const std::string& dtype = {},
                                       const std::vector<WindowLevel>& windows = {});

// Of a volume: what the viewer draws it on where nobody chose. One window for each channel; a single one of
// colours, and where the data bring it. None of other items.
std::vector<WindowLevel> channelWindows(const Item& item, const DataFacts& facts);
// Those windows of values that the data bring, the first of them to look at.
std::vector<ValueWindow> windowsIn(const DataFacts& facts);

Signal signalOf(const Item& item, const QString& caption, const SourceDetails& details = {});

// "7", "sine": the class where there is one, else the item's name.
QString captionOf(const Item& item, const std::vector<std::string>& labels);

// Of the values of all items together.
Histogram histogramOf(const std::vector<Item>& items);

}  // namespace denoscope
