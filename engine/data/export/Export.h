// SPDX-License-Identifier: GPL-3.0-or-later
// Writing items to files; every file is written beside its target and renamed.
#pragma once

#include <string>
#include <vector>

#include "engine/api/Data.h"

namespace denoscope {

// By ending: .npy one (N, C, ...) float32 array; .png one grid picture (images; volumes show their middle
// axial slice, signals a plotted line); .wav, .nii, .nii.gz one file, or with several items "name-000.wav",
// "name-001.wav" ... . Values are real units; `low`..`high` is what a picture shows from black to white and a
// WAV from -1 to 1. Returns the paths written. An unknown ending or a kind that does not fit throws
// EngineError.
std::vector<std::string> writeItems(const std::vector<Item>& items, const std::string& path, double low,
                                    double high);

// Throws EngineError where writeItems() could not write items of this kind to `path`: the ending does not
// fit, or there is no such folder.
void checkTarget(const std::string& path, DataKind kind);

// Throws EngineError where the folder of a file to be written is not there.
void requireFolder(const std::string& path);

}  // namespace denoscope
