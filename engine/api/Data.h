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

// One of several things in a source of which one is looked at: a series of a DICOM folder, an array of an
// NPZ file, a column of a table. Never a patient's name.
struct SourcePart {
    std::string name;         // what DataConfig::part takes
    std::string description;  // "CT, Head 1.25 mm, 512 x 512 x 120"

    bool operator==(const SourcePart&) const = default;
};

// A range of values that the source itself suggests for looking, e.g. DICOM's "BRAIN".
struct ValueWindow {
    std::string name;
    double low = 0, high = 0;

    bool operator==(const ValueWindow&) const = default;
};

// What a file says of its values beyond their shape and type.
struct SourceDetails {
    std::string unit;                       // of the real values: "HU", "mV"; empty = unknown
    std::vector<std::string> channelNames;  // one per channel, or none
    double slope = 1, intercept = 0;        // value = slope * stored + intercept; already applied
    double timeStep = 0;                    // seconds between the items that are time points; 0 = none are
    std::vector<ValueWindow> windows;
    std::vector<SourcePart> parts;  // what could be chosen; empty where there is no choice
    std::string part;               // the one that was chosen

    bool operator==(const SourceDetails&) const = default;
};

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
    SourceDetails details;                                     // of the first item
    double min = 0, max = 0, mean = 0, standardDeviation = 0;  // of real values; mean NaN: none is finite
    double percentile005 = 0, percentile995 = 0;               // 0.5 % and 99.5 % of the values looked at
    double windowLow = 0, windowHigh = 0;  // intensity window that the source itself recommends; equal = none
    std::int64_t notFinite = 0;  // NaN or infinite, among the values looked at; all above is of the others
    bool statisticsSampled = false;  // true: taken from a sample of the values, not all of them
    std::vector<std::string> labels;
    std::vector<std::string> notes;  // sentences worth showing ("2 of 300 files could not be read: ...")

    int channels() const { return shape.empty() ? 0 : static_cast<int>(shape.front()); }
};

}  // namespace denoscope
