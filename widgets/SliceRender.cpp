// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceRender.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

namespace {

constexpr QRgb outside = qRgb(0, 0, 0);

// The colours of one row of a slice after the other.
class RowColors {
public:
    RowColors(const SliceValues& slice, const SliceColors& colors)
        : m_slice(slice), m_colors(colors), m_table(colorTable(colors.map)) {}

    void setRow(int row) {
        m_red = m_slice.row(row);
        if (m_slice.channels == 3) {
            m_green = m_slice.row(row, 1);
            m_blue = m_slice.row(row, 2);
        }
    }
    QRgb operator()(int column) const {
        const float value = m_red[column];
        if (m_slice.channels != 3)
            return std::isfinite(value) ? m_table[index(value)] : m_colors.notFinite;
        const float green = m_green[column], blue = m_blue[column];
        if (!std::isfinite(value) || !std::isfinite(green) || !std::isfinite(blue))
            return m_colors.notFinite;
        return qRgb(static_cast<int>(index(value)), static_cast<int>(index(green)),
                    static_cast<int>(index(blue)));
    }
    bool isAboveWindow(int column) const {  // its low end, that is
        const double low = m_colors.window.low();
        return m_red[column] > low ||
               (m_slice.channels == 3 && (m_green[column] > low || m_blue[column] > low));
    }

private:
    std::size_t index(float value) const {
        return static_cast<std::size_t>(m_colors.window.tableIndex(value));
    }

    const SliceValues& m_slice;
    const SliceColors& m_colors;
    const ColorTable& m_table;
    const float* m_red = nullptr;
    const float* m_green = nullptr;
    const float* m_blue = nullptr;
};

QRgb mixed(QRgb below, QRgb above, int opacity) {  // opacity of 256
    const auto channel = [&](int a, int b) { return a + (b - a) * opacity / 256; };
    return qRgb(channel(qRed(below), qRed(above)), channel(qGreen(below), qGreen(above)),
                channel(qBlue(below), qBlue(above)));
}

QRgb* pixelsOf(QImage& image, int row) {
    return reinterpret_cast<QRgb*>(image.scanLine(row));
}

void layOver(QImage& image, const SliceValues& second, const OverlayLook& look) {
    RowColors colors(second, look.colors);
    const int opacity = static_cast<int>(std::lround(std::clamp(look.opacity, 0.0, 1.0) * 256));
    const int field = std::max(1, (std::max(image.width(), image.height()) + 7) / 8);
    for (int row = 0; row < image.height(); ++row) {
        QRgb* pixels = pixelsOf(image, row);
        colors.setRow(row);
        const auto [first, last] = second.inside[static_cast<std::size_t>(row)];
        if (look.mode == OverlayMode::Blend) {
            for (int c = first; c < last; ++c)
                if (colors.isAboveWindow(c))
                    pixels[c] = mixed(pixels[c], colors(c), opacity);
            continue;
        }
        for (int c = 0; c < image.width(); ++c) {
            const bool isSecond =
                look.mode == OverlayMode::Checkerboard ? (c / field + row / field) % 2 == 1 : look.second;
            if (isSecond)
                pixels[c] = c >= first && c < last ? colors(c) : outside;
        }
    }
}

QImage renderDifference(const SliceValues& slice, const SliceColors& colors, const SliceValues& second) {
    SliceValues result;
    result.columns = slice.columns;
    result.rows = slice.rows;
    result.channels = 1;
    result.values.resize(result.offset(0, 1));
    for (int row = 0; row < slice.rows; ++row) {
        const auto mine = slice.inside[static_cast<std::size_t>(row)];
        const auto other = second.inside[static_cast<std::size_t>(row)];
        const int first = std::max(mine.first, other.first);
        const int last = std::max(first, std::min(mine.second, other.second));
        result.inside.emplace_back(first, last);
        float* out = result.values.data() + result.offset(row, 0);
        const float* a = slice.row(row);
        const float* b = second.row(row);
        for (int c = first; c < last; ++c)
            out[c] = a[c] - b[c];
    }
    return renderSlice(result, {differenceWindow(colors.window), ColorMapKind::Diverging, colors.notFinite});
}

}  // namespace

WindowLevel differenceWindow(const WindowLevel& window) {
    return {0, window.width};
}

QImage renderSlice(const SliceValues& slice, const SliceColors& colors) {
    QImage image(slice.columns, slice.rows, QImage::Format_RGB32);
    RowColors colorOf(slice, colors);
    for (int row = 0; row < slice.rows; ++row) {
        QRgb* pixels = pixelsOf(image, row);
        const auto [first, last] = slice.inside[static_cast<std::size_t>(row)];
        std::fill(pixels, pixels + first, outside);
        colorOf.setRow(row);
        for (int c = first; c < last; ++c)
            pixels[c] = colorOf(c);
        std::fill(pixels + last, pixels + slice.columns, outside);
    }
    return image;
}

QImage renderSlice(const SliceValues& slice, const SliceColors& colors, const SliceValues& second,
                   const OverlayLook& look) {
    if (look.mode == OverlayMode::Difference)
        return renderDifference(slice, colors, second);
    QImage image = renderSlice(slice, colors);
    layOver(image, second, look);
    return image;
}

}  // namespace denoscope
