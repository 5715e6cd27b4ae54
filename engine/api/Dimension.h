// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"

namespace denoscope {

// In how many dimensions data is best learned, and why.
struct DimensionAdvice {
    struct Way {
        int dimensions = 2;
        TakeAs as = TakeAs::Own;  // how the data has to be taken for it
        std::string reason;       // a sentence
    };
    Way best;
    std::vector<Way> others;  // what else the same data can be learned as
};

// `facts` are of the data taken as `as`. memoryBytes: of the machine; 0 = unknown. Pure.
DimensionAdvice adviseDimension(const DataFacts& facts, TakeAs as, std::int64_t memoryBytes);

}  // namespace denoscope
