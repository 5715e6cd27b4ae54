// SPDX-License-Identifier: GPL-3.0-or-later
// The networks that speed is measured with.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/nets/NetworkPlan.h"

namespace denoscope {

struct BenchCase {
    std::string name;       // as --case takes it
    std::string model;      // class of the Python package
    std::string arguments;  // of its constructor, as JSON
    Shape size;             // spatial extents
    std::int64_t batch = 1;
};

// "1d", "2d" and "3d".
const std::vector<BenchCase>& benchCases();
// Those that a name stands for: one, or for "all" each of them. Throws EngineError on a name that stands for
// none.
std::vector<BenchCase> benchCasesNamed(const std::string& name);

// In the package's formulas (model.compat = reference).
KarrasPlan planOf(const BenchCase& of);

}  // namespace denoscope
