// SPDX-License-Identifier: GPL-3.0-or-later
// Rulers and regions on a slice: what they measure, apart from how they are drawn and dragged.
#pragma once

#include <QPointF>
#include <cstdint>

#include "widgets/SliceSample.h"

namespace denoscope {

struct Measurement {
    enum class Shape { Ruler, Ellipse, Rectangle };

    Shape shape = Shape::Ruler;
    Plane plane = Plane::Axial;
    Point from{}, to{};  // voxel coordinates: the ends of a ruler, opposite corners of a region

    bool operator==(const Measurement&) const = default;
};

double lengthInMm(const Point& from, const Point& to, const Affine& affine);

struct RegionStatistics {
    std::int64_t count = 0;  // finite values of the pixels whose centres lie in the region and in the volume
    double area = 0;         // mm2 (or pixels), of the shape itself
    double mean = 0, standardDeviation = 0, min = 0,
           max = 0;  // deviation of a sample (n - 1); 0 for one value
};

// Over the first channel of a slice; from and to are opposite corners in pixels (centres at whole numbers).
RegionStatistics statisticsOf(const SliceValues& slice, const SliceGrid& grid, Measurement::Shape shape,
                              QPointF from, QPointF to);

// "mean 40.1 HU", "sd 5.2", "12 to 61", "85.2 mm², n 142", a line each.
QString textOf(const RegionStatistics& statistics, const QString& unit, const QString& lengthUnit);

}  // namespace denoscope
