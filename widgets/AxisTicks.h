// SPDX-License-Identifier: GPL-3.0-or-later
// Round numbers along an axis, and how to write them.
#pragma once

#include <QString>
#include <vector>

namespace denoscope {

struct AxisTicks {
    double step = 1;             // 1, 2 or 5 times a power of ten
    std::vector<double> values;  // multiples of step within the range, at most `most` + 1 of them

    QString text(double value) const;  // with the decimals that the step needs
};

AxisTicks axisTicks(double low, double high, int most);

// For a logarithmic axis of less than two decades: round numbers about equally far apart on the screen.
std::vector<double> logTicks(double low, double high);

}  // namespace denoscope
