// SPDX-License-Identifier: GPL-3.0-or-later
// Built-in sets that need no file. Every item is a pure function of (set, index); the classes take turns.
#pragma once

#include <memory>
#include <string>

#include "engine/data/Dataset.h"

namespace denoscope {

struct Demo {
    DataFacts facts;                    // without statistics
    Array (*make)(std::int64_t index);  // the item of class index % labels
};

Demo beatsDemo();   // 1 x 512 at 256 Hz, amplitudes within -1 .. 1
Demo shapesDemo();  // 1 x 32 x 32 grey values 0 .. 255
Demo headsDemo();   // 1 x 24 x 32 x 32 in Hounsfield units

// The set of that name ("demo:beats" ...) or an EngineError that lists the names. Keeps at most cacheBytes of
// items.
std::shared_ptr<const Dataset> openDemo(const std::string& source, std::uint64_t cacheBytes);

}  // namespace denoscope
