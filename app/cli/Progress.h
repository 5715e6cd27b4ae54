// SPDX-License-Identifier: GPL-3.0-or-later
// The arithmetic and text of progress, apart from any terminal.
#pragma once

#include <cstdint>
#include <string>

namespace denoscope {

// Exponential moving average that is unbiased from its first value on (Kingma & Ba 2014, section 3). Values
// that are not finite are left out.
class Smoothed {
public:
    explicit Smoothed(double keep) : m_keep(keep) {}
    void add(double value);
    bool empty() const { return m_weight == 0; }
    double value() const { return m_sum / m_weight; }

private:
    double m_keep, m_sum = 0, m_weight = 0;
};

// 75 -> "1:15", 3675 -> "1:01:15"; negative: "?".
std::string durationText(double seconds);

// "training [#####-----] 10/20  loss 0.123": as wide as `columns` allows, the bar giving way first.
std::string progressLine(const std::string& title, std::int64_t done, std::int64_t total,
                         const std::string& details, int columns);

}  // namespace denoscope
