// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceMeasure.h"

#include <QCoreApplication>
#include <QRectF>
#include <algorithm>
#include <cmath>
#include <numbers>

namespace denoscope {

namespace {

// Welford 1962: one pass, and no cancellation where the mean is large.
class RunningMoments {
public:
    void add(double value) {
        m_min = m_count == 0 ? value : std::min(m_min, value);
        m_max = m_count == 0 ? value : std::max(m_max, value);
        ++m_count;
        const double before = value - m_mean;
        m_mean += before / static_cast<double>(m_count);
        m_squares += before * (value - m_mean);
    }
    RegionStatistics result(double area) const {
        const double variance = m_count > 1 ? m_squares / static_cast<double>(m_count - 1) : 0;
        return {m_count, area, m_mean, std::sqrt(variance), m_min, m_max};
    }

private:
    std::int64_t m_count = 0;
    double m_mean = 0, m_squares = 0, m_min = 0, m_max = 0;
};

}  // namespace

double lengthInMm(const Point& from, const Point& to, const Affine& affine) {
    return lengthOf(turned(affine, difference(to, from)));
}

RegionStatistics statisticsOf(const SliceValues& slice, const SliceGrid& grid, Measurement::Shape shape,
                              QPointF from, QPointF to) {
    const QRectF box = QRectF(from, to).normalized();
    const QPointF middle = box.center();
    const double halfWidth = box.width() / 2, halfHeight = box.height() / 2;
    const bool ellipse = shape == Measurement::Shape::Ellipse;
    RunningMoments moments;
    const int lastRow = static_cast<int>(std::floor(std::min(box.bottom(), slice.rows - 1.0)));
    for (int row = static_cast<int>(std::ceil(std::max(box.top(), 0.0))); row <= lastRow; ++row) {
        double reach = halfWidth;
        if (ellipse) {
            const double y = halfHeight > 0 ? (row - middle.y()) / halfHeight : 0;
            reach *= std::sqrt(std::max(0.0, 1 - y * y));
        }
        const auto [first, last] = slice.inside[static_cast<std::size_t>(row)];
        const int begin = std::max(first, static_cast<int>(std::ceil(middle.x() - reach)));
        const int end = std::min(last, static_cast<int>(std::floor(middle.x() + reach)) + 1);
        for (int column = begin; column < end; ++column)
            if (const float value = slice.row(row)[column]; std::isfinite(value))
                moments.add(static_cast<double>(value));
    }
    const double area = box.width() * box.height() * grid.columnSpacing * grid.rowSpacing;
    return moments.result(ellipse ? area * std::numbers::pi / 4 : area);
}

QString textOf(const RegionStatistics& s, const QString& unit, const QString& lengthUnit) {
    const auto translated = [](const char* text) {
        return QCoreApplication::translate("SliceMeasure", text);
    };
    // QString::arg() takes a raised 2 behind a place for one of its digits.
    const QString area = QStringLiteral("%1 %2")
                             .arg(s.area, 0, 'f', s.area < 100 ? 1 : 0)
                             .arg(lengthUnit + QStringLiteral("²"));
    if (s.count == 0)
        return area + QLatin1Char('\n') + translated("no values");
    return translated("mean %1 %2\nsd %3\n%4 to %5\n%6, n %7")
        .arg(s.mean, 0, 'g', 4)
        .arg(unit)
        .arg(s.standardDeviation, 0, 'g', 3)
        .arg(s.min, 0, 'g', 4)
        .arg(s.max, 0, 'g', 4)
        .arg(area)
        .arg(s.count);
}

}  // namespace denoscope
