// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/TimeRange.h"

#include <algorithm>

namespace denoscope {

TimeRange TimeRange::clampedTo(const TimeRange& whole, double shortest) const {
    const double wanted = std::clamp(length(), std::min(shortest, whole.length()), whole.length());
    const double middle = (begin + end) / 2;
    const double first = std::clamp(middle - wanted / 2, whole.begin, whole.end - wanted);
    return {first, first + wanted};
}

TimeRange TimeRange::zoomed(double anchor, double factor, const TimeRange& whole, double shortest) const {
    const double old = length();
    if (!(old > 0))
        return whole;
    const double wanted = std::clamp(old * factor, std::min(shortest, whole.length()), whole.length());
    const double first = anchor - (anchor - begin) / old * wanted;
    const double clamped = std::clamp(first, whole.begin, whole.end - wanted);
    return {clamped, clamped + wanted};
}

TimeRange TimeRange::shifted(double by, const TimeRange& whole) const {
    const double span = std::min(length(), whole.length());
    const double first = std::clamp(begin + by, whole.begin, whole.end - span);
    return {first, first + span};
}

}  // namespace denoscope
