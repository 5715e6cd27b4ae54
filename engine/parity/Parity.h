// SPDX-License-Identifier: GPL-3.0-or-later
// Reference cases: what the Python package computed, computed again here. The format is that of
// tests/data/goldens: a safetensors file whose metadata says, in JSON, what was built and called.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace denoscope {

struct Comparison {
    std::string output;    // "out.eval"
    double error = 0;      // largest difference relative to the largest magnitude expected; infinite for NaN
    double tolerance = 0;  // what float32 allows
    bool ok() const { return error <= tolerance; }
};

// The file that a case is read from: of a trainer's .pt its _expect.safetensors, of others themselves.
std::filesystem::path caseOf(const std::filesystem::path& path);

// Whether a file claims to be something that checkReference understands: by its ending alone.
bool looksLikeReference(const std::filesystem::path& path);

// Checks everything in the file: networks (forward, training forward, gradients and their norms, rewritten
// weights, the Adam step), guidance, losses, trajectories, schedules, averages of weights, Frechet distances,
// and trainers' checkpoints (the .pt or its _expect.safetensors; each finds the other beside it). Throws
// EngineError naming the tensor or byte where a case is malformed: a key that is missing or left over, a
// wrong shape or type, damage.
std::vector<Comparison> checkReference(const std::filesystem::path& path);

}  // namespace denoscope
