// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ItemPictures.h"

#include <QCoreApplication>

#include "engine/api/Orientation.h"

namespace denoscope {

namespace {

// Files that know nothing have pixels in steps of 1.
Volume::Place placeOf(const Geometry& geometry) {
    if (liesInPatient(geometry))
        return Volume::Place::Patient;
    const bool unit = geometry.spacing[0] == 1 && geometry.spacing[1] == 1;
    return unit ? Volume::Place::Unknown : Volume::Place::Distances;
}

QStringList namesOf(const std::vector<std::string>& names) {
    QStringList list;
    for (const std::string& name : names)
        list << QString::fromStdString(name);
    return list;
}

}  // namespace

QImage pictureOf(const Item& item, ValueRange range) {
    if (!item.array || item.array->shape.size() < 3)
        return {};
    const Shape& shape = item.array->shape;
    const std::int64_t height = shape[shape.size() - 2], width = shape.back();
    const std::int64_t depth = shape.size() == 4 ? shape[1] : 1;
    if (height <= 0 || width <= 0 || depth <= 0 || shape.front() <= 0)
        return {};
    const float* first = item.array->values.data() + (depth / 2) * height * width;
    const QImage image =
        planePicture(first, shape.size() == 4 ? 1 : static_cast<int>(shape.front()), depth * height * width,
                     QSize(static_cast<int>(width), static_cast<int>(height)), range.first, range.second);
    if (shape.size() == 3)
        return image;
    // As in the axial pane: anterior on top, the patient's right on the left.
    return image.mirrored(item.geometry.affine[0] > 0, item.geometry.affine[5] > 0);
}

ValueImage valueImageOf(const Item& item, const QString& caption) {
    ValueImage image;
    image.caption = caption;
    if (!item.array || item.array->shape.size() != 3)
        return image;
    image.channels = static_cast<int>(item.array->shape[0]);
    image.height = static_cast<int>(item.array->shape[1]);
    image.width = static_cast<int>(item.array->shape[2]);
    image.values = std::shared_ptr<const std::vector<float>>(item.array, &item.array->values);
    return image;
}

std::shared_ptr<const Volume> volumeOf(const Item& item, const SourceDetails& details,
                                       const std::string& dtype, const std::vector<WindowLevel>& windows) {
    if (!item.array || item.array->shape.size() < 3)
        return nullptr;
    const Shape& shape = item.array->shape;
    const bool image = shape.size() == 3;
    auto volume = std::make_shared<Volume>();
    volume->depth = image ? 1 : static_cast<int>(shape[1]);
    volume->height = static_cast<int>(shape[shape.size() - 2]);
    volume->width = static_cast<int>(shape.back());
    volume->place = image ? placeOf(item.geometry) : Volume::Place::Patient;
    volume->channels = static_cast<int>(shape[0]);
    volume->samples = std::shared_ptr<const std::vector<float>>(item.array, &item.array->values);
    volume->spacing = item.geometry.spacing;
    volume->affine = item.geometry.affine;
    volume->name = QString::fromStdString(item.name);
    volume->unit = QString::fromStdString(details.unit);
    volume->channelNames = namesOf(details.channelNames);
    volume->channelWindows = windows;
    if (dtype == "uint8")
        volume->colorWindow = WindowLevel::fromRange(0, 255);
    return volume;
}

Signal signalOf(const Item& item, const QString& caption, const SourceDetails& details) {
    Signal signal;
    if (!item.array || item.array->shape.size() != 2)
        return signal;
    signal.samples = std::shared_ptr<const std::vector<float>>(item.array, &item.array->values);
    signal.channels = static_cast<int>(item.array->shape.front());
    signal.sampleRate = item.geometry.sampleRate;
    signal.name = caption;
    signal.unit = QString::fromStdString(details.unit);
    signal.channelNames = namesOf(details.channelNames);
    return signal;
}

QString captionOf(const Item& item, const std::vector<std::string>& labels) {
    if (item.label >= 0 && item.label < static_cast<int>(labels.size()))
        return QString::fromStdString(labels[static_cast<std::size_t>(item.label)]);
    return QString::fromStdString(item.name);
}

std::vector<ValueWindow> windowsIn(const DataFacts& facts) {
    if (facts.details.windows.empty() && facts.windowLow < facts.windowHigh)
        return {{QCoreApplication::translate("ItemPictures", "Of the data").toStdString(), facts.windowLow,
                 facts.windowHigh}};
    return facts.details.windows;
}

std::vector<WindowLevel> channelWindows(const Item& item, const DataFacts& facts) {
    if (facts.kind != DataKind::Volume)
        return {};
    if (const std::vector<ValueWindow> given = windowsIn(facts); !given.empty())
        return {WindowLevel::fromRange(given.front().low, given.front().high)};
    const auto volume = volumeOf(item, facts.details, facts.dtype);
    if (!volume || !volume->isWhole())
        return {};
    if (volume->isColored())
        return {windowsOf(*volume).automatic};
    std::vector<WindowLevel> windows;
    Volume shown = *volume;
    for (int channel = 0; channel < volume->channels; ++channel) {
        shown.channel = channel;
        windows.push_back(windowsOf(shown).automatic);
    }
    return windows;
}

Histogram histogramOf(const std::vector<Item>& items) {
    std::vector<float> values;
    for (const Item& item : items)
        if (item.array)
            values.insert(values.end(), item.array->values.begin(), item.array->values.end());
    return histogramOf(std::span<const float>(values));
}

}  // namespace denoscope
