// SPDX-License-Identifier: GPL-3.0-or-later
// What the readers of NIfTI, NRRD and MetaImage share: an array of which every axis is space, channel or
// item, and its place in the world.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "engine/data/formats/Format.h"
#include "engine/data/formats/RawArray.h"
#include "engine/data/formats/StoredValues.h"

namespace denoscope {

enum class AxisRole { Space, Channel, Item };

struct StoredAxis {
    std::int64_t extent = 1;
    AxisRole role = AxisRole::Space;
};

// A file whose header has been understood and whose values are known to be there.
struct VolumeFile {
    ItemHeader header;
    std::vector<StoredAxis> axes;  // fastest first; the first axis of space is W
    RawArray raw;
};

// Fills kind, shape and count of the header from the axes, 1 to 3 of which are space. Throws EngineError for
// more than 65536 items or an impossible number of values, which it returns otherwise.
std::uint64_t arrange(VolumeFile& file, const std::string& name);

// Opens the `count` values. Compressed ones of more than 4 GiB are not windowed: finding a piece would take
// too long. What a small compressed file claims beyond all usual ratios is looked for at once, before memory
// is taken for it.
void attach(VolumeFile& file, const StoredValues& stored, std::uint64_t count);

// Of channels that are the parts of a colour: red, green, blue and perhaps alpha; none for other numbers.
std::vector<std::string> colourNames(std::int64_t channels);

// Format::read() of such a file.
Array readVolume(const VolumeFile& file, std::int64_t index, const Shape& start, const Shape& size);

using Affine = std::array<double, 16>;  // row-major, as in Geometry
using Vector3 = std::array<double, 3>;
Affine affineOf(const std::array<Vector3, 3>& columns, const Vector3& origin);
Affine flipped(Affine affine, const Vector3& signs);  // rows times signs: from LPS to RAS with {-1, -1, 1}

// Geometry with this affine. Where it cannot be inverted, `spacing` along the axes instead, and a note.
Geometry placed(const Affine& affine, const Vector3& spacing, std::vector<std::string>& notes);

// A Format for one kind of such files. Keeps the last few open, so that a compressed file read piece by piece
// in ascending order is decompressed once.
class VolumeFormat : public Format {
public:
    ItemHeader inspect(const std::filesystem::path& path) const final;
    Reading read(const std::filesystem::path& path, std::int64_t index, const Shape& start,
                 const Shape& size) const final;

private:
    virtual VolumeFile open(const std::filesystem::path& path) const = 0;
    std::shared_ptr<const VolumeFile> opened(const std::filesystem::path& path) const;

    struct Kept {
        std::filesystem::path path;
        std::uint64_t size;
        std::filesystem::file_time_type written;
        std::shared_ptr<const VolumeFile> file;
    };
    mutable std::mutex m_mutex;        // guards the next
    mutable std::vector<Kept> m_kept;  // the last used at the end
};

}  // namespace denoscope
