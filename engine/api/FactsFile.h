// SPDX-License-Identifier: GPL-3.0-or-later
// DataFacts as JSON text, for run folders and `info --json`.
#pragma once

#include <string>

#include "engine/api/Data.h"

namespace denoscope {

// One object; numbers that JSON cannot hold (NaN, infinity) become null.
std::string formatFacts(const DataFacts& facts);

// The same for people and their programs, with the numbers of 32-bit headers as they were meant
// (ShortDecimal.h). What is to be read again is not written so: an affine stays what the file says.
std::string factsForReading(const DataFacts& facts);

// Missing members keep their defaults. Throws EngineError with `where` for anything of the wrong type.
DataFacts parseFacts(const std::string& json, const std::string& where);

}  // namespace denoscope
