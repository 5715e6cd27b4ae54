// SPDX-License-Identifier: GPL-3.0-or-later
// NPZ: a zip archive of NPY files, stored or deflated.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "engine/core/ZipArchive.h"
#include "engine/data/formats/Npy.h"

namespace denoscope {

struct NpzArray {
    std::string name;  // without ".npy"
    Shape shape;
    ScalarType type;
};

// Reads the headers of all arrays. Names in the archive are never used as paths. Throws EngineError where the
// archive is damaged or holds no array of numbers. Not to be used from two threads at once.
class NpzFile {
public:
    explicit NpzFile(const std::filesystem::path& path);

    // Those of numbers, ordered by name.
    const std::vector<NpzArray>& arrays() const { return m_arrays; }
    // The one of that name, or the largest where the name is empty. Throws EngineError.
    const NpzArray& choose(const std::string& part) const;
    // The array whose name goes with that of `array` ("train_images", "train_labels"; "x", "y") and that has
    // `count` values; null where there is none.
    const NpzArray* labelsFor(const NpzArray& array, std::int64_t count) const;
    // Unpacks it; throws EngineError where that needs more than `limit` bytes.
    StoredArray open(const NpzArray& array, std::uint64_t limit) const;

private:
    const NpzArray* find(const std::string& name) const;

    std::string m_path;
    ZipArchive m_archive;
    std::vector<NpzArray> m_arrays;
};

// The array of a file in a folder of such: of that name, or the largest.
StoredArray openNpz(const std::filesystem::path& path, const std::string& part, std::uint64_t limit);

}  // namespace denoscope
