// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/PictureGrid.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/data/export/Numbers.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {
namespace {

using Colour = std::array<std::uint8_t, 3>;
constexpr Colour paper{250, 250, 250}, gap{128, 128, 128}, zeroLine{215, 215, 215};
constexpr std::array<Colour, 4> inks{
    {{31, 92, 153}, {186, 73, 34}, {44, 122, 62}, {122, 60, 140}}};  // by channel
constexpr std::int64_t plotWidth = 256, plotHeight = 96;

class Canvas {
public:
    Canvas(std::int64_t width, std::int64_t height, Colour colour)
        : m_width(width), m_height(height), m_pixels(static_cast<std::size_t>(width * height * 3)) {
        for (std::size_t i = 0; i < m_pixels.size(); ++i)
            m_pixels[i] = colour[i % 3];
    }
    std::int64_t width() const { return m_width; }
    std::int64_t height() const { return m_height; }
    RgbPicture taken() && { return {m_width, m_height, std::move(m_pixels)}; }

    std::uint8_t* at(std::int64_t x, std::int64_t y) { return m_pixels.data() + (y * m_width + x) * 3; }
    const std::uint8_t* at(std::int64_t x, std::int64_t y) const {
        return m_pixels.data() + (y * m_width + x) * 3;
    }
    void blend(std::int64_t x, std::int64_t y, Colour colour, double share) {
        for (std::size_t i = 0; i < 3; ++i)
            at(x, y)[i] =
                static_cast<std::uint8_t>(std::lround(at(x, y)[i] + share * (colour[i] - at(x, y)[i])));
    }
    void draw(const Canvas& picture, std::int64_t left, std::int64_t top) {
        for (std::int64_t y = 0; y < picture.m_height; ++y)
            std::copy_n(picture.at(0, y), picture.m_width * 3, at(left, top + y));
    }

private:
    std::int64_t m_width, m_height;
    std::vector<std::uint8_t> m_pixels;
};

std::uint8_t grey(double value, double low, double high) {
    return static_cast<std::uint8_t>(std::lround(shareOf(value, low, high) * 255));
}

// One or three channels of H x W values from `values` on; channels lie `stride` apart. `flipped`: first row
// at the bottom.
Canvas picture(const float* values, std::int64_t channels, std::int64_t stride, std::int64_t height,
               std::int64_t width, double low, double high, bool flipped) {
    Canvas canvas(width, height, paper);
    for (std::int64_t y = 0; y < height; ++y)
        for (std::int64_t x = 0; x < width; ++x)
            for (std::int64_t i = 0; i < 3; ++i) {
                const std::int64_t channel = channels >= 3 ? i : 0;
                canvas.at(x, flipped ? height - 1 - y : y)[i] =
                    grey(values[channel * stride + y * width + x], low, high);
            }
    return canvas;
}

// How much of each pixel a stroke of a polyline covers, from the pixel's distance to it. Segments of one line
// take the larger share, so that joints do not darken.
void addStroke(std::vector<double>& cover, double x0, double y0, double x1, double y1) {
    constexpr double half = 0.7;  // of the line's width, pixels
    const double dx = x1 - x0, dy = y1 - y0, squared = std::max(1e-12, dx * dx + dy * dy);
    const auto from = [](double a, double b) {
        return static_cast<std::int64_t>(std::floor(std::min(a, b) - half - 1));
    };
    const auto to = [](double a, double b) {
        return static_cast<std::int64_t>(std::ceil(std::max(a, b) + half + 1));
    };
    for (std::int64_t y = std::max<std::int64_t>(0, from(y0, y1)); y < std::min(plotHeight, to(y0, y1)); ++y)
        for (std::int64_t x = std::max<std::int64_t>(0, from(x0, x1)); x < std::min(plotWidth, to(x0, x1));
             ++x) {
            const double px = static_cast<double>(x) + 0.5 - x0, py = static_cast<double>(y) + 0.5 - y0;
            const double along = std::clamp((px * dx + py * dy) / squared, 0.0, 1.0);
            const double distance = std::hypot(px - along * dx, py - along * dy);
            double& share = cover[static_cast<std::size_t>(y * plotWidth + x)];
            share = std::max(share, std::clamp(half + 0.5 - distance, 0.0, 1.0));
        }
}

Canvas plot(const Array& signal, double low, double high) {
    Canvas canvas(plotWidth, plotHeight, paper);
    const std::int64_t channels = signal.shape[0], length = signal.shape[1];
    const auto heightOf = [&](double value) {
        return (1 - shareOf(value, low, high)) * (plotHeight - 6.0) + 3;
    };
    if (low < 0 && high > 0)
        for (std::int64_t x = 0; x < plotWidth; ++x)
            canvas.blend(x, static_cast<std::int64_t>(heightOf(0)), zeroLine, 1);
    const double step = length > 1 ? static_cast<double>(plotWidth - 4) / static_cast<double>(length - 1) : 0;
    for (std::int64_t c = 0; c < channels; ++c) {
        const float* values = signal.values.data() + c * length;
        std::vector<double> cover(static_cast<std::size_t>(plotWidth * plotHeight), 0.0);
        for (std::int64_t i = 0; i < length; ++i) {
            const std::int64_t before = std::max<std::int64_t>(0, i - 1);
            addStroke(cover, 2 + static_cast<double>(before) * step, heightOf(values[before]),
                      2 + static_cast<double>(i) * step, heightOf(values[i]));
        }
        for (std::int64_t y = 0; y < plotHeight; ++y)
            for (std::int64_t x = 0; x < plotWidth; ++x)
                canvas.blend(x, y, inks[static_cast<std::size_t>(c) % inks.size()],
                             cover[static_cast<std::size_t>(y * plotWidth + x)]);
    }
    return canvas;
}

Canvas slice(const Item& item, std::int64_t k, double low, double high) {
    const Shape& s = item.array->shape;
    const bool upright = item.geometry.affine[5] > 0;  // rows go from back to front
    return picture(item.array->values.data() + k * s[2] * s[3], s[0], s[1] * s[2] * s[3], s[2], s[3], low,
                   high, upright);
}

Canvas cellOf(const Item& item, double low, double high) {
    const Shape& s = item.array->shape;
    if (s.size() == 2)
        return plot(*item.array, low, high);
    if (s.size() == 3)
        return picture(item.array->values.data(), s[0], s[1] * s[2], s[1], s[2], low, high, false);
    return slice(item, s[1] / 2, low, high);
}

}  // namespace

RgbPicture gridOf(const std::vector<Item>& items, double low, double high) {
    const Canvas first = cellOf(items.front(), low, high);
    const auto count = static_cast<double>(items.size());
    // As nearly square in pixels as the cells allow.
    const double ideal =
        std::sqrt(count * static_cast<double>(first.height()) / static_cast<double>(first.width()));
    const std::int64_t columns =
        std::clamp<std::int64_t>(std::llround(ideal), 1, static_cast<std::int64_t>(items.size()));
    const std::int64_t rows = (static_cast<std::int64_t>(items.size()) + columns - 1) / columns;
    Canvas grid(columns * (first.width() + 1) - 1, rows * (first.height() + 1) - 1, gap);
    for (std::size_t i = 0; i < items.size(); ++i) {
        const std::int64_t column = static_cast<std::int64_t>(i) % columns,
                           row = static_cast<std::int64_t>(i) / columns;
        grid.draw(cellOf(items[i], low, high), column * (first.width() + 1), row * (first.height() + 1));
    }
    return std::move(grid).taken();
}

std::string encodeGrid(const std::vector<Item>& items, double low, double high) {
    const RgbPicture grid = gridOf(items, low, high);
    return encodePng(grid.pixels, grid.width, grid.height, 3);
}

RgbPicture slicePicture(const Item& volume, std::int64_t k, double low, double high) {
    return slice(volume, k, low, high).taken();
}

}  // namespace denoscope
