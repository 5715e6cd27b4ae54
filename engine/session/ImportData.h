// SPDX-License-Identifier: GPL-3.0-or-later
// The data of an imported run, whether the weights come from Python or from us: named, or nowhere.
#pragma once

#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/data/Dataset.h"

namespace denoscope {

// What stands for the data of weights that came without: items (C, ...) whose values fill the window.
// Classes are called by their numbers.
DataFacts unknownData(const Shape& shape, const DataConfig& data, int classes, const std::string& note);
bool isUnknown(const DataFacts& facts);

// What the package's trainers divide by: the largest value of that type for pictures of 8 and 16 bits, 1 for
// all else.
double packageScale(const std::string& dtype);

struct NetworkNeeds {
    int channels = 1, classes = 0;
};

// Lets a run whose data.size and window are those of the network's training sample and train like other
// data: fit, classes, batch and, where the values are of another scale than the `facts` before, the window.
// `facts` become those of the data. Throws EngineError naming the data where it is of another kind or has
// other channels or classes than the network. Notes say what was changed.
void takeData(RunConfig& config, DataFacts& facts, const Dataset& dataset, const NetworkNeeds& network,
              std::vector<std::string>& notes);

}  // namespace denoscope
