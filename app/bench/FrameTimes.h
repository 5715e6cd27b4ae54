// SPDX-License-Identifier: GPL-3.0-or-later
// How long frames take, measured and printed: one line per way of moving through a view.
#pragma once

#include <functional>
#include <string>

class QWidget;

namespace denoscope {

// Calls `move` with 0, 1, ... and paints `view` into a picture after each call; prints the median, the 95th
// percentile and the longest time of both together, beside the time that is promised.
void printFrameTimes(const std::string& what, QWidget& view, int frames, double promisedMilliseconds,
                     const std::function<void(int)>& move);

// Of work without a view.
void printTime(const std::string& what, const std::function<void()>& work);

}  // namespace denoscope
