// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>

#include "engine/api/Array.h"

namespace denoscope {

constexpr int usualRate = 16000;  // Hz, where the data has none

// The whole number of Hz that a WAV file says for a signal.
int wavRate(const Geometry& geometry);

// A (C, L) item as 32-bit float WAV, its values as they are. Throws EngineError.
void writeWav(const Array& signal, int rate, const std::string& path);

}  // namespace denoscope
