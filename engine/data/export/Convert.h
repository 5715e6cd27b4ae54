// SPDX-License-Identifier: GPL-3.0-or-later
// Data of one format written in another.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "engine/data/Dataset.h"

namespace denoscope {

struct ConvertOptions {
    std::optional<std::int64_t> item = std::nullopt;  // counted from 0; empty: all
    // The values that become the ends of what a picture, film or sound can hold. Both or none: where a target
    // needs them, they are chosen as data.low and data.high are for a run.
    std::optional<double> low = std::nullopt, high = std::nullopt;
    int framesPerSecond = 10;
    bool overwrite = false;
};

struct Converted {
    std::vector<std::string> paths;
    std::vector<std::string> notes;  // sentences: what the new files do not hold, or show otherwise
};

// By the ending of `out`:
// .nii, .nii.gz  volumes and images with affine and spacing; all time points of a source in one file
// .npy           (C, ...) of one item where that is read as such again, else (N, C, ...): all of one shape
// .png           images as they are, 8 or 16 bits; volumes by their middle slice; signals as lines
// .wav, .csv     signals
// .gif, .mp4, .webp  a film: of the slices of a volume, of all times (their middle slices), of all images
// NaN and infinities are kept, in pictures and films drawn like the lowest value and the nearer end.
// NIfTI and NPY keep an 8, 16 or 32-bit integer type where it holds every value, and are float32 otherwise.
//
// What needs several files gets a number for the * in `out`, or "-000", "-001" ... before its ending. Throws
// EngineError before anything is written (an ending that does not fit, no such folder or item, a file that
// exists and shall not be overwritten, the first item cannot be read) and WorkFailed afterwards.
Converted convert(const Dataset& data, const std::string& out, const ConvertOptions& options);

}  // namespace denoscope
