// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ItemPictures.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

namespace {

int grey(float value, ValueRange range) {
    const double unit = (value - range.first) / (range.second - range.first);
    return std::isfinite(unit) ? static_cast<int>(std::lround(std::clamp(unit, 0.0, 1.0) * 255)) : 0;
}

// A plane of `width` x `height` values at `first`, the next channel `channelStride` values on.
QImage planePicture(const float* first, std::int64_t channels, std::int64_t channelStride, QSize size,
                    ValueRange range) {
    QImage image(size, QImage::Format_RGB32);
    for (int y = 0; y < size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        for (int x = 0; x < size.width(); ++x) {
            const float* value = first + static_cast<std::int64_t>(y) * size.width() + x;
            const int red = grey(*value, range);
            line[x] = channels >= 3 ? qRgb(red, grey(value[channelStride], range),
                                           grey(value[2 * channelStride], range))
                                    : qRgb(red, red, red);
        }
    }
    return image;
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
    const QImage image = planePicture(first, shape.size() == 4 ? 1 : shape.front(), depth * height * width,
                                      QSize(static_cast<int>(width), static_cast<int>(height)), range);
    if (shape.size() == 3)
        return image;
    // As in the axial pane: anterior on top, the patient's right on the left.
    return image.mirrored(item.geometry.affine[0] > 0, item.geometry.affine[5] > 0);
}

std::shared_ptr<const Volume> volumeOf(const Item& item) {
    if (!item.array || item.array->shape.size() != 4)
        return nullptr;
    const Shape& shape = item.array->shape;
    auto volume = std::make_shared<Volume>();
    volume->depth = static_cast<int>(shape[1]);
    volume->height = static_cast<int>(shape[2]);
    volume->width = static_cast<int>(shape[3]);
    volume->channels = static_cast<int>(shape[0]);
    volume->samples = std::shared_ptr<const std::vector<float>>(item.array, &item.array->values);
    volume->spacing = item.geometry.spacing;
    volume->affine = item.geometry.affine;
    volume->name = QString::fromStdString(item.name);
    return volume;
}

Signal signalOf(const Item& item, const QString& caption) {
    Signal signal;
    if (!item.array || item.array->shape.size() != 2)
        return signal;
    signal.samples = std::shared_ptr<const std::vector<float>>(item.array, &item.array->values);
    signal.channels = static_cast<int>(item.array->shape.front());
    signal.sampleRate = item.geometry.sampleRate;
    signal.name = caption;
    return signal;
}

QString captionOf(const Item& item, const std::vector<std::string>& labels) {
    if (item.label >= 0 && item.label < static_cast<int>(labels.size()))
        return QString::fromStdString(labels[static_cast<std::size_t>(item.label)]);
    return QString::fromStdString(item.name);
}

Histogram histogramOf(const std::vector<Item>& items) {
    std::vector<float> values;
    for (const Item& item : items)
        if (item.array)
            values.insert(values.end(), item.array->values.begin(), item.array->values.end());
    return histogramOf(std::span<const float>(values));
}

}  // namespace denoscope
