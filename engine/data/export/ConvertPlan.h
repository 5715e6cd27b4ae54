// SPDX-License-Identifier: GPL-3.0-or-later
// Which items go into which files, before any is read.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/export/Convert.h"

namespace denoscope {

enum class Target { Nifti, Npy, Png, Wav, Csv, Film };

struct ConvertFile {
    std::string path;
    std::vector<std::int64_t> items;
};

struct ConvertPlan {
    Target target = Target::Npy;
    std::vector<ConvertFile> files;
};

// Whether the items are the time points of one recording rather than items of their own.
bool isSeries(const DataFacts& facts);

// Throws EngineError where the target cannot hold the data, or may not be written.
ConvertPlan convertPlan(const DataFacts& facts, const std::string& out, const ConvertOptions& options);

}  // namespace denoscope
