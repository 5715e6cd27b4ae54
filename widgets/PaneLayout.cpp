// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/PaneLayout.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

namespace {

using Rects = std::array<QRect, 3>;
using Sizes = std::array<QSizeF, 3>;

// Cuts a length into two parts in the proportion a : b, with a gap between.
std::pair<int, int> cut(int length, double a, double b, int gap) {
    const int first = static_cast<int>(std::lround((length - gap) * (a + b > 0 ? a / (a + b) : 0.5)));
    return {first, length - gap - first};
}

std::pair<QRect, QRect> besides(const QRect& area, double a, double b, int gap) {
    const auto [left, right] = cut(area.width(), a, b, gap);
    return {QRect(area.x(), area.y(), left, area.height()),
            QRect(area.x() + left + gap, area.y(), right, area.height())};
}

std::pair<QRect, QRect> stacked(const QRect& area, double a, double b, int gap) {
    const auto [top, bottom] = cut(area.height(), a, b, gap);
    return {QRect(area.x(), area.y(), area.width(), top),
            QRect(area.x(), area.y() + top + gap, area.width(), bottom)};
}

double commonScale(const Rects& rects, const Sizes& content) {
    double scale = 1e9;
    for (std::size_t i = 0; i < 3; ++i)
        if (!content[i].isEmpty())
            scale = std::min(
                {scale, rects[i].width() / content[i].width(), rects[i].height() / content[i].height()});
    return scale;
}

}  // namespace

Rects arrangePanes(const QRect& area, const Sizes& content, int gap) {
    const auto& [a, b, c] = content;
    std::array<Rects, 4> choices;
    {
        const auto [first, rest] = besides(area, a.width(), b.width() + c.width(), gap);
        const auto [second, third] = besides(rest, b.width(), c.width(), gap);
        choices[0] = {first, second, third};
    }
    {
        const auto [first, rest] = stacked(area, a.height(), b.height() + c.height(), gap);
        const auto [second, third] = stacked(rest, b.height(), c.height(), gap);
        choices[1] = {first, second, third};
    }
    {
        const auto [first, rest] = besides(area, a.width(), std::max(b.width(), c.width()), gap);
        const auto [second, third] = stacked(rest, b.height(), c.height(), gap);
        choices[2] = {first, second, third};
    }
    {
        const auto [first, rest] = stacked(area, a.height(), std::max(b.height(), c.height()), gap);
        const auto [second, third] = besides(rest, b.width(), c.width(), gap);
        choices[3] = {first, second, third};
    }
    return *std::max_element(choices.begin(), choices.end(), [&](const Rects& left, const Rects& right) {
        return commonScale(left, content) < commonScale(right, content);
    });
}

std::array<QRect, 4> arrangeFour(const QRect& area, const Sizes& content, int gap) {
    const auto& [a, b, c] = content;
    // The fourth view has a third of either side at least: beside flat volumes it would be a strip.
    const double above = std::max(a.height(), c.height()), left = std::max(a.width(), b.width());
    const double right = std::max(c.width(), left / 2);
    const auto [top, bottom] = stacked(area, above, std::max(b.height(), above / 2), gap);
    const auto [topLeft, topRight] = besides(top, left, right, gap);
    const auto [bottomLeft, bottomRight] = besides(bottom, left, right, gap);
    return {topLeft, bottomLeft, topRight, bottomRight};
}

}  // namespace denoscope
