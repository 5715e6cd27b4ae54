// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/CurveSeries.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace denoscope {

void Extent::add(double value) {
    if (!std::isfinite(value))
        return;
    low = std::min(low, value);
    high = std::max(high, value);
    if (value > 0)
        lowestPositive = std::min(lowestPositive, value);
}

void Extent::add(const Extent& other) {
    low = std::min(low, other.low);
    high = std::max(high, other.high);
    lowestPositive = std::min(lowestPositive, other.lowestPositive);
}

bool Extent::isEmpty(bool logarithmic) const {
    return logarithmic ? lowestPositive > high : low > high;
}

std::pair<double, double> Extent::axisRange(bool logarithmic, double margin) const {
    if (isEmpty(logarithmic))
        return logarithmic ? std::pair{1.0, 10.0} : std::pair{0.0, 1.0};
    if (logarithmic) {
        const double first = std::log10(lowestPositive);
        const double last = std::log10(high);
        const double pad = last > first ? (last - first) * margin : 0.5;
        return {std::pow(10.0, first - pad), std::pow(10.0, last + pad)};
    }
    const double pad = high > low ? (high - low) * margin : std::max(std::abs(low) * 0.5, 0.5);
    return {low - pad, high + pad};
}

std::size_t CurveSeries::append(std::span<const double> x, std::span<const double> y) {
    const std::size_t count = std::min(x.size(), y.size());
    std::size_t changed = m_x.size();
    for (std::size_t i = 0; i < count; ++i) {
        if (!std::isfinite(x[i])) {  // has no place at all
            ++m_notFinite;
            continue;
        }
        m_x.push_back(x[i]);
        m_y.push_back(y[i]);
        m_xExtent.add(x[i]);
        m_yExtent.add(y[i]);
        m_notFinite += std::isfinite(y[i]) ? 0 : 1;
        m_notPositiveX += x[i] > 0 ? 0 : 1;
        m_notPositiveY += std::isfinite(y[i]) && y[i] <= 0 ? 1 : 0;
    }
    const std::size_t sortedFrom = changed > 0 ? changed - 1 : 0;
    if (std::is_sorted(m_x.begin() + static_cast<std::ptrdiff_t>(sortedFrom), m_x.end()))
        return changed;

    std::vector<std::size_t> order(m_x.size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    std::stable_sort(order.begin(), order.end(),
                     [this](std::size_t a, std::size_t b) { return m_x[a] < m_x[b]; });
    std::vector<double> sortedX(order.size());
    std::vector<double> sortedY(order.size());
    for (std::size_t i = 0; i < order.size(); ++i) {
        sortedX[i] = m_x[order[i]];
        sortedY[i] = m_y[order[i]];
    }
    m_x = std::move(sortedX);
    m_y = std::move(sortedY);
    return 0;
}

std::pair<std::size_t, std::size_t> CurveSeries::within(double low, double high) const {
    const auto first = std::lower_bound(m_x.begin(), m_x.end(), low);
    const auto last = std::upper_bound(first, m_x.end(), high);
    return {static_cast<std::size_t>(first - m_x.begin()), static_cast<std::size_t>(last - m_x.begin())};
}

}  // namespace denoscope
