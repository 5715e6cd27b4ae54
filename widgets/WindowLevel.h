// SPDX-License-Identifier: GPL-3.0-or-later
// The range of values that is spread over a colour table, as radiology states it: centre and width.
#pragma once

#include <QString>
#include <span>
#include <utility>
#include <vector>

namespace denoscope {

struct WindowLevel {
    double center = 0.5;
    double width = 1;  // above 0

    double low() const { return center - width / 2; }
    double high() const { return center + width / 2; }
    bool operator==(const WindowLevel&) const = default;

    // 0..255; below and above are clamped; not a number gives 0. Inline: it is asked once for every pixel of
    // a slice.
    int tableIndex(float value) const {
        const double position = (static_cast<double>(value) - low()) * (256 / width);
        return position >= 0 ? static_cast<int>(position < 255 ? position : 255) : 0;  // false for NaN
    }

    // By a drag in pixels: right widens, up raises the centre, in proportion to the present width.
    WindowLevel dragged(double right, double down) const;

    static WindowLevel fromRange(double low, double high);  // empty or reversed: around its begin
};

struct WindowPreset {
    QString name;
    double center = 0;
    double width = 1;

    bool operator==(const WindowPreset&) const = default;
};

std::vector<WindowPreset> ctPresets();  // brain, lung, bone, abdomen ...; in Hounsfield units

// Smallest and largest finite value; 0 and 0 where there is none.
std::pair<float, float> finiteRange(std::span<const float> values);

struct ValueWindows {
    WindowLevel full;       // smallest to largest finite value
    WindowLevel automatic;  // 0.5 % to 99.5 % of a sample of the values
};
ValueWindows windowsOf(std::span<const float> values);
ValueWindows windowsOfBoth(const ValueWindows& a, const ValueWindows& b);  // the smallest that hold both

}  // namespace denoscope
