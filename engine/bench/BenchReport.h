// SPDX-License-Identifier: GPL-3.0-or-later
// Results as text: for people, and for programs.
#pragma once

#include <string>

#include "engine/bench/Bench.h"

namespace denoscope {

// One line about what is measured on: processor, LibTorch, its library of matrix products, threads.
std::string benchMachine();

// The head of a table, and a row of it, each ending in a line feed.
std::string benchHead(BenchWork work);
std::string benchRow(const BenchResult& result);

// One JSON object without line breaks. What is not known is null.
std::string benchJson(const BenchResult& result);

}  // namespace denoscope
