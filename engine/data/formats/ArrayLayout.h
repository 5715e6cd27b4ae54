// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

#include "engine/api/Data.h"
#include "engine/data/formats/RawArray.h"

namespace denoscope {

// What the axes of a bare array mean. The rules stand in docs/data.md.
struct ArrayLayout {
    DataKind kind = DataKind::Image;
    std::int64_t count = 1;
    Shape item;                 // (C, ...)
    bool channelsLast = false;  // stored as (..., C)
};

// One way to read an array as each kind of data that its axes allow, the likeliest first; of an array that
// holds a whole data set, or exactly one item. Throws EngineError where there is none.
std::vector<ArrayLayout> layoutsOfSet(const Shape& shape, ScalarType type, const std::string& name);
std::vector<ArrayLayout> layoutsOfItem(const Shape& shape, const std::string& name);

// What data.part calls them: "signals", "images", "volumes"; empty: the likeliest. Throws EngineError.
const ArrayLayout& chosenLayout(const std::vector<ArrayLayout>& layouts, const std::string& part,
                                const std::string& name);
std::vector<SourcePart> partsOf(const std::vector<ArrayLayout>& layouts);  // none where there is no choice
std::string partName(const ArrayLayout& layout);
std::string toText(const ArrayLayout& layout);  // "8 images of 9 x 10, 3 channels"

// How the axes of `shape` were read, as a note.
std::string noteOf(const ArrayLayout& layout, const Shape& shape, bool choice);

}  // namespace denoscope
