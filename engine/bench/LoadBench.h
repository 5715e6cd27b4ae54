// SPDX-License-Identifier: GPL-3.0-or-later
// Whether training waits for its data: real training, with the settings that a person would be offered, on
// many made files in a temporary folder.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/api/Data.h"

namespace denoscope {

struct LoadCase {
    std::string name;  // also the ending of its files
    DataKind kind = DataKind::Image;
    std::int64_t files = 0;
    Shape shape;  // (C, ...) of an item
};
// 10,000 WAVs of a second (1d), 10,000 PNGs (2d), 64 volumes of 256^3 (3d); or all.
std::vector<LoadCase> loadCasesNamed(const std::string& dimension);

struct LoadResult {
    std::string name;
    std::int64_t files = 0, batch = 0, steps = 0;
    double opening = 0;         // seconds until the set was open
    double firstWait = 0;       // seconds that the first step waited for its batch
    double secondsPerStep = 0;  // the first one apart, as all below
    double waitedShare = 0;     // of the time of the steps, that they waited for data
    double longestWait = 0;     // seconds, of one step
    double loadedPerSecond = 0,
           trainedPerSecond = 0;  // items: by the loader when nothing else runs; by training
};

// Takes steps + 1 of them. Throws WorkFailed where the files cannot be made.
LoadResult runLoad(const LoadCase& of, int steps);

// The head of a table, and a row of it, each ending in a line feed; one JSON object without line breaks.
std::string loadHead();
std::string loadRow(const LoadResult& result);
std::string loadJson(const LoadResult& result);

}  // namespace denoscope
