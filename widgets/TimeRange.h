// SPDX-License-Identifier: GPL-3.0-or-later
// The visible part of a one-dimensional axis as a value.
#pragma once

namespace denoscope {

struct TimeRange {
    double begin = 0;
    double end = 1;

    double length() const { return end - begin; }
    bool operator==(const TimeRange&) const = default;

    // `factor` below 1 zooms in; the time at `anchor` stays where it is on the screen. The result lies within
    // `whole` and is never shorter than `shortest`.
    TimeRange zoomed(double anchor, double factor, const TimeRange& whole, double shortest) const;
    TimeRange shifted(double by, const TimeRange& whole) const;  // stops at the ends of `whole`
    TimeRange clampedTo(const TimeRange& whole, double shortest) const;
};

}  // namespace denoscope
