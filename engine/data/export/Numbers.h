// SPDX-License-Identifier: GPL-3.0-or-later
// Values in the type that a file stores them in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/data/formats/RawArray.h"

namespace denoscope {

// The integer type of 8, 16 or 32 bits, or truth values, that DataFacts::dtype names; nothing for all else.
std::optional<ScalarType> integerNamed(const std::string& dtype);

// Whether each of the values is one that the integer type has.
bool holdsAll(ScalarType integer, std::span<const float> values);

// Where a value lies between low (0) and high (1); beyond them at the nearer end, NaN at 0.
double shareOf(double value, double low, double high);

// Their bytes in the order of this machine; an integer type has to hold them all.
void appendAs(ScalarType type, std::span<const float> values, std::string& bytes);

}  // namespace denoscope
