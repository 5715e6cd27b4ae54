// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/ValuePicture.h"

#include <QStringList>
#include <algorithm>
#include <cmath>

#include "widgets/ColorMap.h"

namespace denoscope {

namespace {

// false for every comparison with NaN, which becomes 0.
int level(double unit) {
    const double scaled = unit * 255 + 0.5;
    return scaled > 0 ? static_cast<int>(std::min(scaled, 255.0)) : 0;
}

}  // namespace

QImage planePicture(const float* first, int channels, std::ptrdiff_t channelStride, QSize size, double low,
                    double high) {
    QImage image(size, QImage::Format_RGB32);
    const double width = high - low;
    const auto grey = [low, width](float value) { return level((static_cast<double>(value) - low) / width); };
    for (int y = 0; y < size.height(); ++y) {
        auto* line = reinterpret_cast<QRgb*>(image.scanLine(y));
        const float* row = first + static_cast<std::ptrdiff_t>(y) * size.width();
        for (int x = 0; x < size.width(); ++x) {
            const int red = grey(row[x]);
            line[x] = channels >= 3
                          ? qRgb(red, grey(row[x + channelStride]), grey(row[x + 2 * channelStride]))
                          : qRgb(red, red, red);
        }
    }
    return image;
}

QImage valuePicture(const ValueImage& image, double low, double high) {
    if (image.isNull())
        return {};
    return planePicture(image.values->data(), image.channels,
                        static_cast<std::ptrdiff_t>(image.height) * image.width, image.size(), low, high);
}

QString valueText(const ValueImage& image, int x, int y) {
    QStringList values;
    for (int channel = 0; channel < image.channels; ++channel)
        values << QString::number(image.at(channel, x, y), 'g', 6);
    return values.join(QStringLiteral(", "));
}

ValueImage difference(const ValueImage& left, const ValueImage& right) {
    const auto plane = static_cast<std::size_t>(left.height) * static_cast<std::size_t>(left.width);
    std::vector<float> values(plane, 0);
    const float share = 1 / static_cast<float>(left.channels);
    for (std::size_t channel = 0; channel < static_cast<std::size_t>(left.channels); ++channel) {
        const float* first = left.values->data() + channel * plane;
        const float* second = right.values->data() + channel * plane;
        for (std::size_t i = 0; i < plane; ++i)
            values[i] += (first[i] - second[i]) * share;
    }
    return {1, left.height, left.width, std::make_shared<const std::vector<float>>(std::move(values)), {}};
}

double largestMagnitude(const ValueImage& image) {
    float largest = 0;
    const auto plane = static_cast<std::ptrdiff_t>(image.height) * image.width;
    std::for_each_n(image.values->begin(), plane,
                    [&largest](float value) { largest = std::max(largest, std::abs(value)); });
    return largest;
}

QImage divergingPicture(const ValueImage& image, double limit) {
    const ColorTable& table = colorTable(ColorMapKind::Diverging);
    QImage picture(image.size(), QImage::Format_RGB32);
    const double scale = limit > 0 ? 0.5 / limit : 0;
    const float* value = image.values->data();
    for (int y = 0; y < image.height; ++y) {
        auto* line = reinterpret_cast<QRgb*>(picture.scanLine(y));
        for (int x = 0; x < image.width; ++x)
            line[x] = table[static_cast<std::size_t>(level(0.5 + static_cast<double>(*value++) * scale))];
    }
    return picture;
}

ValueImage tiled(const std::vector<ValueImage>& images, int columns, int gap, float fill) {
    if (images.empty() || images.front().isNull())
        return {};
    const ValueImage& first = images.front();
    const int count = static_cast<int>(images.size());
    const int across = std::clamp(columns, 1, count), down = (count + across - 1) / across;
    ValueImage sheet{
        first.channels, down * (first.height + gap) - gap, across * (first.width + gap) - gap, {}, {}};
    const auto plane = static_cast<std::size_t>(sheet.height) * static_cast<std::size_t>(sheet.width);
    std::vector<float> values(static_cast<std::size_t>(sheet.channels) * plane, fill);
    for (int i = 0; i < count; ++i) {
        const ValueImage& image = images[static_cast<std::size_t>(i)];
        if (image.isNull() || !image.sameSize(first))
            continue;
        const int left = i % across * (first.width + gap), top = i / across * (first.height + gap);
        for (int channel = 0; channel < image.channels; ++channel)
            for (int y = 0; y < image.height; ++y)
                for (int x = 0; x < image.width; ++x)
                    values[static_cast<std::size_t>(channel) * plane +
                           static_cast<std::size_t>(top + y) * static_cast<std::size_t>(sheet.width) +
                           static_cast<std::size_t>(left + x)] = image.at(channel, x, y);
    }
    sheet.values = std::make_shared<const std::vector<float>>(std::move(values));
    return sheet;
}

}  // namespace denoscope
