// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <functional>

#include "engine/api/Array.h"
#include "engine/data/formats/RawArray.h"

namespace denoscope {

// Items for one file, read one after another as they are written: never all of them in memory.
struct ItemSource {
    std::int64_t count = 1;
    std::function<Item(std::int64_t)> item;  // 0 <= index < count; may be asked for more than once
    ScalarType type;                         // float32, or an integer type that holds every value
};

}  // namespace denoscope
