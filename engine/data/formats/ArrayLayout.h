// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/api/Data.h"
#include "engine/data/formats/RawArray.h"

namespace denoscope {

// What the axes of a bare array mean. The rules stand in docs/data.md.
struct ArrayLayout {
    DataKind kind = DataKind::Image;
    std::int64_t count = 1;
    Shape item;                 // (C, ...)
    bool channelsLast = false;  // stored as (..., C)
    std::string note;           // how the axes were read
};

// An array that holds a whole data set, or exactly one item. Throws EngineError when no rule fits.
ArrayLayout layoutOfSet(const Shape& shape, ScalarType type, const std::string& name);
ArrayLayout layoutOfItem(const Shape& shape, const std::string& name);

}  // namespace denoscope
