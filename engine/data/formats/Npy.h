// SPDX-License-Identifier: GPL-3.0-or-later
// The NPY format (versions 1 to 3) and the IDX format of MNIST: one array of numbers in a file.
#pragma once

#include <filesystem>

#include "engine/data/formats/RawArray.h"

namespace denoscope {

struct StoredArray {
    RawArray raw;
    Shape shape;
    ScalarType type;  // in the file; raw.type may differ where the array had to be rearranged in memory
};

// Every claim of the header is checked against the file's size. `limit`: how many bytes may be held in
// memory, which is needed only for Fortran order and for compressed files. Throws EngineError.
StoredArray openNpy(const std::filesystem::path& path, std::uint64_t limit);
StoredArray openIdx(const std::filesystem::path& path, std::uint64_t limit);

}  // namespace denoscope
