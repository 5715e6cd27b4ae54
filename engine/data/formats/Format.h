// SPDX-License-Identifier: GPL-3.0-or-later
// The file formats in which one file holds one item, or several of one shape (time points, pages).
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/data/formats/Damage.h"

namespace denoscope {

// What a file says of its items before they are read.
struct ItemHeader {
    DataKind kind = DataKind::Image;
    std::int64_t count = 1;  // of items in the file
    Shape shape;             // (C, ...) of each
    std::string dtype;
    Geometry geometry;
    SourceDetails details;
    bool windowed = false;  // pieces can be read without the rest
    std::vector<std::string> notes;
    Damage damage;  // as far as it shows before the values are read
};

// Without state; safe to use from several threads at once. A damaged file throws EngineError that names it,
// before anything is allocated that the file cannot fill.
class Format {
public:
    virtual ~Format() = default;
    virtual std::string name() const = 0;  // "WAV", "NIfTI"
    virtual ItemHeader inspect(const std::filesystem::path& path) const = 0;
    // Of item 0 <= index < count the piece [start, start + size) of every channel; the whole item where start
    // is 0 and size its extents. NaN and infinities are values like others here.
    virtual Reading read(const std::filesystem::path& path, std::int64_t index, const Shape& start,
                         const Shape& size) const = 0;
};

std::unique_ptr<Format> soundFormat();      // WAV, FLAC ... through libsndfile
std::unique_ptr<Format> imageFormat();      // PNG, JPEG, TIFF ..., by content
std::unique_ptr<Format> niftiFormat();      // .nii, pairs of .hdr and .img
std::unique_ptr<Format> nrrdFormat();       // .nrrd, .nhdr
std::unique_ptr<Format> metaImageFormat();  // .mha, .mhd
// One file is one item; `limit`: how many bytes may be held in memory.
std::unique_ptr<Format> npyItemFormat(const DataConfig& config, std::uint64_t limit);
std::unique_ptr<Format> npzItemFormat(const DataConfig& config, std::uint64_t limit);
std::unique_ptr<Format> tableFormat(const DataConfig& config);  // every table is a recording
std::unique_ptr<Format> wfdbFormat(const DataConfig& config);   // .hea with its files of samples
std::unique_ptr<Format> edfFormat(const DataConfig& config);    // .edf, .bdf

}  // namespace denoscope
