// SPDX-License-Identifier: GPL-3.0-or-later
// What the engine runs on.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Error.h"

namespace denoscope {

struct DeviceInfo {
    std::string name;              // "cpu", "cuda:0"
    std::string description;       // "Intel Xeon ..., 2 threads, AVX512"
    std::int64_t memoryBytes = 0;  // 0 = unknown
};
// What there is; the engine computes on "cpu".
std::vector<DeviceInfo> devices();

struct MathLibrary {
    std::string name;         // "OpenBLAS", "MKL", "reference BLAS"
    double matmulGflops = 0;  // measured: one 512^3 float32 product
    bool reference = false;   // true: several times slower than it need be
};
// Looks at what is loaded and measures once (some milliseconds).
MathLibrary mathLibrary();
// A sentence for the person when training would be silently slow; empty otherwise.
std::string slowMathWarning();

// Whether convolutions and matrix products in bfloat16 have kernels for this processor. Without, LibTorch
// computes them number by number, many times slower than float32.
bool hasBFloat16();

// What a run asks for and this machine cannot do, as something to tell; nothing where it can do all.
// `bfloat16` is hasBFloat16().
std::optional<Error> beyondMachine(const TrainingConfig& training, bool bfloat16);
// The same run as far as it can be done: in float32 then.
RunConfig withinMachine(RunConfig config, bool bfloat16);

std::string torchVersion();

}  // namespace denoscope
