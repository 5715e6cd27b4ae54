// SPDX-License-Identifier: GPL-3.0-or-later
// What is known about a data source before anything is trained on it.
#pragma once

#include <string>
#include <vector>

#include "engine/api/Array.h"
#include "engine/api/Error.h"

namespace denoscope {

enum class DataKind { Signal, Image, Volume };  // 1, 2 and 3 spatial dimensions

constexpr int spatialRank(DataKind kind) {
    return kind == DataKind::Signal ? 1 : kind == DataKind::Image ? 2 : 3;
}
const char* toText(DataKind kind);  // "signal", "image", "volume"

struct DataFacts {
    std::string source;  // the path, or "demo:beats"
    std::string format;  // "WAV folder", "IDX images", "NIfTI volume", "built-in"
    DataKind kind = DataKind::Image;
    std::int64_t count = 0;
    Shape shape;  // (C, ...) of every item; where sizes differ, the shape of the first
    bool mixedShapes = false;
    Shape smallestShape;  // per-extent minimum and maximum over all items (equal to shape when not mixed)
    Shape largestShape;
    std::string dtype;                                         // as stored: "uint8", "int16", "float32", ...
    Geometry geometry;                                         // of the first item
    double min = 0, max = 0, mean = 0, standardDeviation = 0;  // of the real values
    double percentile005 = 0, percentile995 = 0;               // 0.5 % and 99.5 % of the values looked at
    double windowLow = 0, windowHigh = 0;  // intensity window that the source itself recommends; equal = none
    bool statisticsSampled = false;        // true: taken from a sample of the values, not all of them
    std::vector<std::string> labels;
    std::vector<std::string> notes;  // sentences worth showing ("2 of 300 files could not be read: ...")

    int channels() const { return shape.empty() ? 0 : static_cast<int>(shape.front()); }
};

}  // namespace denoscope
