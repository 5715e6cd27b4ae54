// SPDX-License-Identifier: GPL-3.0-or-later
// Data sets that are one array: items are read from it, piece by piece, as they are needed.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/data/OpenRequest.h"
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/Npy.h"

namespace denoscope {

struct ArraySource {
    std::string path;    // for messages
    std::string format;  // "NPY array"
    StoredArray array;
    ArrayLayout layout;
    std::string dtype;  // empty: the array's
    Geometry geometry;
    SourceDetails details;
    std::vector<std::string> notes;
};

class ArraySet : public Dataset {
public:
    // request.limit() is the largest item that is read whole.
    ArraySet(ArraySource source, const OpenRequest& request);

    // Before measureAll(), or not at all. Labels 0 .. n - 1 under their numbers; refused with a note where
    // they do not fit the items.
    void setLabels(const StoredArray& labels, const std::string& name);
    // One name per item; the classes are the distinct ones, in order (numbers by size). Not used, with a
    // note, where there are too many.
    void setLabels(const std::vector<std::string>& names);
    void measureAll();  // once, at the end

    Item read(std::int64_t index) const override;
    int labelOf(std::int64_t index) const override {
        return m_labels.empty() ? -1 : m_labels.at(static_cast<std::size_t>(index));
    }

protected:
    Item window(std::int64_t index, const Shape& start, const Shape& size) const override;

private:
    std::string nameOf(std::int64_t index) const;

    StoredArray m_array;
    ArrayLayout m_layout;
    std::uint64_t m_limit;
    Purpose m_purpose;
    std::vector<int> m_labels;
};

// One NPY or IDX file that holds all items. The labels of IDX images are looked for beside them under MNIST's
// naming, those of "x.npy" in "x_labels.npy".
std::shared_ptr<const Dataset> openNpySet(const std::filesystem::path& path, const OpenRequest& request);
std::shared_ptr<const Dataset> openIdxSet(const std::filesystem::path& path, const OpenRequest& request);

// One array of an NPZ file: that of DataConfig::part, else the largest. Labels from the array whose name goes
// with it (images and labels, x and y).
std::shared_ptr<const Dataset> openNpzSet(const std::filesystem::path& path, const OpenRequest& request);

// A table of numbers (SignalTable.h): one recording, or a signal in every row.
std::shared_ptr<const Dataset> openTableSet(const std::filesystem::path& path, const OpenRequest& request);

}  // namespace denoscope
