// SPDX-License-Identifier: GPL-3.0-or-later
// The NPY format (versions 1 to 3) and the IDX format of MNIST: one array of numbers in a file.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/formats/Damage.h"
#include "engine/data/formats/RawArray.h"

namespace denoscope {

struct StoredArray {
    RawArray raw;
    Shape shape;
    ScalarType type;  // in the file; raw.type may differ where the array had to be rearranged in memory
    bool fortran =
        false;  // raw is in column-major order; never true of what the functions named open... give
    std::vector<std::string> notes;
    Damage damage;
};

// Every claim of the header is checked against the file's size. `limit`: how many bytes may be held in
// memory, which is needed only for Fortran order and for compressed files. Throws EngineError.
StoredArray openNpy(const std::filesystem::path& path, std::uint64_t limit);
StoredArray openIdx(const std::filesystem::path& path, std::uint64_t limit);

// The same for bytes from elsewhere, `size` of them, of which inspect... needs but the first to be there.
StoredArray openNpy(ByteSourcePtr bytes, std::uint64_t size, const std::string& name, std::uint64_t limit);
StoredArray inspectNpy(ByteSourcePtr bytes, std::uint64_t size, const std::string& name);
StoredArray inspectIdx(ByteSourcePtr bytes, std::uint64_t size, const std::string& name);

// An array of float32 in memory.
StoredArray storedValues(std::vector<float> values, Shape shape, const std::string& name);

}  // namespace denoscope
