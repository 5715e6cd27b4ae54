// SPDX-License-Identifier: GPL-3.0-or-later
// NPZ: a zip archive of NPY files, stored or deflated.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "engine/core/ZipArchive.h"
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/Npy.h"

namespace denoscope {

struct NpzArray {
    std::string name;  // without ".npy"
    Shape shape;
    ScalarType type;
};

// Whether an array holds a whole set or one item: layoutsOfSet() or layoutsOfItem() for it.
using NpzLayouts = std::function<std::vector<ArrayLayout>(const NpzArray&)>;

// One way to read one of the arrays.
struct NpzPart {
    std::string name;  // "scan", which is the likeliest way, or "scan as volumes"
    const NpzArray* array;
    ArrayLayout layout;
    bool choice;  // there are others
};

// Reads the headers of all arrays. Names in the archive are never used as paths. Throws EngineError where the
// archive is damaged or holds no array of numbers. Not to be used from two threads at once.
class NpzFile {
public:
    explicit NpzFile(const std::filesystem::path& path);

    // Those of numbers, ordered by name.
    const std::vector<NpzArray>& arrays() const { return m_arrays; }
    // The part of that name, or the largest array where the name is empty. Throws EngineError.
    NpzPart choose(const std::string& part, const NpzLayouts& layouts) const;
    std::vector<SourcePart> parts(const NpzLayouts& layouts) const;  // none where there is no choice
    // The array whose name goes with that of `array` ("train_images", "train_labels"; "x", "y") and that has
    // `count` values; null where there is none.
    const NpzArray* labelsFor(const NpzArray& array, std::int64_t count) const;
    // Unpacks it; throws EngineError where that needs more than `limit` bytes.
    StoredArray open(const NpzArray& array, std::uint64_t limit) const;

private:
    const NpzArray* find(const std::string& name) const;
    std::vector<NpzPart> readings(const NpzLayouts& layouts) const;

    std::string m_path;
    ZipArchive m_archive;
    std::vector<NpzArray> m_arrays;
};

}  // namespace denoscope
