// SPDX-License-Identifier: GPL-3.0-or-later
// Real values as a picture under one mapping from black to white.
#pragma once

#include <QImage>
#include <QString>
#include <memory>
#include <vector>

namespace denoscope {

// (C, H, W); three or more channels are shown in colour by the first three. The values are shared.
struct ValueImage {
    int channels = 1, height = 0, width = 0;
    std::shared_ptr<const std::vector<float>> values;
    QString caption;

    bool isNull() const { return !values || width <= 0 || height <= 0 || channels <= 0; }
    bool sameSize(const ValueImage& other) const {
        return channels == other.channels && height == other.height && width == other.width;
    }
    QSize size() const { return {width, height}; }
    float at(int channel, int x, int y) const {
        return (*values)[(static_cast<std::size_t>(channel) * static_cast<std::size_t>(height) +
                          static_cast<std::size_t>(y)) *
                             static_cast<std::size_t>(width) +
                         static_cast<std::size_t>(x)];
    }
};

// Values up to `low` are black, from `high` on white; not a number is black.
QImage valuePicture(const ValueImage& image, double low, double high);

// A plane of `size` values at `first`, the next channel `channelStride` values on.
QImage planePicture(const float* first, int channels, std::ptrdiff_t channelStride, QSize size, double low,
                    double high);

// The values of all channels at a pixel: "12, 7, 255".
QString valueText(const ValueImage& image, int x, int y);

// `left` - `right`, averaged over the channels. Both of the same size.
ValueImage difference(const ValueImage& left, const ValueImage& right);

// The largest magnitude of a value of the first channel; what is not a number does not count.
double largestMagnitude(const ValueImage& image);

// The first channel through the diverging colour map from -limit to limit.
QImage divergingPicture(const ValueImage& image, double limit);

// Images of one size as one, in rows of `columns`, a gap of `gap` pixels of the value `fill` between them.
ValueImage tiled(const std::vector<ValueImage>& images, int columns, int gap, float fill);

}  // namespace denoscope
