// SPDX-License-Identifier: GPL-3.0-or-later
// The points of one curve, all of them, in the order of x; and how they fall on linear and logarithmic axes.
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

namespace denoscope {

struct Extent {  // of finite values
    double low = std::numeric_limits<double>::infinity();
    double high = -std::numeric_limits<double>::infinity();
    double lowestPositive = std::numeric_limits<double>::infinity();

    void add(double value);
    void add(const Extent& other);
    bool isEmpty(bool logarithmic) const;
    // What an axis should show: on a linear axis all values, on a logarithmic one all above zero, with a
    // margin as a share of the length on the screen. Never empty.
    std::pair<double, double> axisRange(bool logarithmic, double margin) const;
};

class CurveSeries {
public:
    // Points may come in any order of x; returns the index from which on the order has changed or is new.
    std::size_t append(std::span<const double> x, std::span<const double> y);
    void clear() { *this = {}; }

    std::size_t size() const { return m_x.size(); }
    std::span<const double> x() const { return m_x; }
    std::span<const double> y() const { return m_y; }
    const Extent& xExtent() const { return m_xExtent; }
    const Extent& yExtent() const { return m_yExtent; }
    std::size_t notFinite() const { return m_notFinite; }
    std::size_t notOnLogX() const { return m_notPositiveX; }
    std::size_t notOnLogY() const { return m_notPositiveY; }

    // Indices [first, last) of the points whose x lies in [low, high].
    std::pair<std::size_t, std::size_t> within(double low, double high) const;

private:
    std::vector<double> m_x;
    std::vector<double> m_y;
    Extent m_xExtent;
    Extent m_yExtent;
    std::size_t m_notFinite = 0;
    std::size_t m_notPositiveX = 0;
    std::size_t m_notPositiveY = 0;
};

}  // namespace denoscope
