// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/bench/FrameTimes.h"

#include <fmt/core.h>

#include <QImage>
#include <QPainter>
#include <QWidget>
#include <algorithm>
#include <chrono>
#include <vector>

namespace denoscope {

namespace {

using Clock = std::chrono::steady_clock;

double millisecondsSince(Clock::time_point start) {
    return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

}  // namespace

void printFrameTimes(const std::string& what, QWidget& view, int frames, double promisedMilliseconds,
                     const std::function<void(int)>& move) {
    const double ratio = view.devicePixelRatioF();
    QImage image((QSizeF(view.size()) * ratio).toSize(), QImage::Format_RGB32);
    image.setDevicePixelRatio(ratio);
    std::vector<double> times;
    for (int frame = 0; frame < frames; ++frame) {
        const Clock::time_point start = Clock::now();
        move(frame);
        view.render(&image);
        times.push_back(millisecondsSince(start));
    }
    std::sort(times.begin(), times.end());
    const auto at = [&](double share) {
        return times[static_cast<std::size_t>(share * (times.size() - 1.0))];
    };
    fmt::print("{:<58} median {:6.2f} ms   95 % {:6.2f} ms   longest {:6.2f} ms   promised {:.0f} ms\n", what,
               at(0.5), at(0.95), times.back(), promisedMilliseconds);
}

void printTime(const std::string& what, const std::function<void()>& work) {
    const Clock::time_point start = Clock::now();
    work();
    fmt::print("{:<58} {:6.1f} ms\n", what, millisecondsSince(start));
}

}  // namespace denoscope
