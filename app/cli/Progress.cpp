// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/cli/Progress.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

namespace denoscope {

void Smoothed::add(double value) {
    if (!std::isfinite(value))
        return;
    m_sum = m_keep * m_sum + (1 - m_keep) * value;
    m_weight = m_keep * m_weight + (1 - m_keep);
}

std::string durationText(double seconds) {
    if (!(seconds >= 0) || seconds > 1e9)
        return "?";
    const auto whole = std::llround(seconds);
    return whole < 3600 ? fmt::format("{}:{:02}", whole / 60, whole % 60)
                        : fmt::format("{}:{:02}:{:02}", whole / 3600, whole / 60 % 60, whole % 60);
}

std::string progressLine(const std::string& title, std::int64_t done, std::int64_t total,
                         const std::string& details, int columns) {
    const std::string count = fmt::format("{}/{}", done, total);
    const std::string tail = details.empty() ? count : count + "  " + details;
    const int taken = static_cast<int>(title.size() + tail.size()) + 4;  // brackets and blanks around the bar
    const int width = std::min(columns - taken, 30);
    if (width < 5)
        return fmt::format("{} {}", title, tail).substr(0, static_cast<std::size_t>(std::max(columns, 0)));
    const double share =
        total > 0 ? std::clamp(static_cast<double>(done) / static_cast<double>(total), 0.0, 1.0) : 0;
    const auto filled = static_cast<std::size_t>(share * width);
    return fmt::format("{} [{}{}] {}", title, std::string(filled, '#'),
                       std::string(static_cast<std::size_t>(width) - filled, '-'), tail);
}

}  // namespace denoscope
