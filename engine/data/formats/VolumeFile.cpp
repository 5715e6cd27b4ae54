// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/VolumeFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/data/Pieces.h"

namespace denoscope {
namespace {

constexpr double largestStep = 1e6, smallestStep = 1e-6;  // mm

// Whether it can be inverted and its voxels are no larger than anything that is scanned.
bool isPossible(const Affine& a) {
    const double determinant = a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) +
                               a[2] * (a[4] * a[9] - a[5] * a[8]);
    double box = 1, largest = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double step = std::hypot(a[axis], a[4 + axis], a[8 + axis]);
        box *= step;
        largest = std::max(largest, step);
    }
    return std::ranges::all_of(a, [](double v) { return std::isfinite(v); }) && box > 0 &&
           largest <= largestStep && std::abs(determinant) > 1e-6 * box;
}

}  // namespace

std::uint64_t arrange(VolumeFile& file, const std::string& name) {
    constexpr std::int64_t mostItems = 65536;
    Shape all, items, channels, space;
    for (const StoredAxis& axis : file.axes) {
        all.push_back(axis.extent);
        (axis.role == AxisRole::Space  ? space
         : axis.role == AxisRole::Item ? items
                                       : channels)
            .push_back(axis.extent);
    }
    const std::int64_t values = claimedCount(all, name);
    ItemHeader& header = file.header;
    header.count = elementCount(items);
    if (space.empty() || space.size() > 3)
        throw EngineError(fmt::format("has {} axes in space", space.size()), name,
                          "export it with at most 3");
    if (header.count > mostItems)
        throw EngineError(fmt::format("claims {} items in one file", header.count), name,
                          fmt::format("split it into files of at most {}", mostItems));
    std::ranges::reverse(space);
    header.shape = withChannels(elementCount(channels), space);
    header.kind = space.size() == 1   ? DataKind::Signal
                  : space.size() == 2 ? DataKind::Image
                                      : DataKind::Volume;
    return static_cast<std::uint64_t>(values);
}

void attach(VolumeFile& file, const StoredValues& stored, std::uint64_t count) {
    constexpr std::uint64_t mostInPieces = std::uint64_t{4} << 30, suspicious = 64 << 20, usualRatio = 100;
    file.raw = openValues(stored, count);
    file.header.dtype = toText(stored.type);
    if (const std::uint64_t surplus = surplusBytes(stored, count); surplus > 0)
        addDamage(
            file.header.damage,
            fmt::format("it holds {} more than its header speaks of, which may place the values wrongly",
                        counted(surplus, "byte")));
    const std::uint64_t bytes = count * static_cast<std::uint64_t>(file.raw.type.bytes);
    const bool deflated = stored.encoding == Encoding::Deflated;
    file.header.windowed = !deflated || bytes <= mostInPieces;
    if (!deflated || !file.header.windowed || bytes < suspicious || stored.files.size() > 1 ||
        bytes / usualRatio < fileSize(stored.files.front()))
        return;
    std::array<std::byte, 1> last{};
    file.raw.bytes->read(file.raw.offset + bytes - 1, last);
}

std::vector<std::string> colourNames(std::int64_t channels) {
    if (channels == 3)
        return {"red", "green", "blue"};
    if (channels == 4)
        return {"red", "green", "blue", "alpha"};
    return {};
}

Array readVolume(const VolumeFile& file, std::int64_t index, const Shape& start, const Shape& size) {
    Array piece{withChannels(file.header.shape.front(), size), {}};
    piece.values.resize(static_cast<std::size_t>(elementCount(piece.shape)));
    std::vector<Stride> strides;
    std::int64_t inFile = 1, inPiece = 1, channelInPiece = elementCount(size), first = 0;
    std::size_t space = size.size();
    for (const StoredAxis& axis : file.axes) {
        if (axis.role == AxisRole::Space) {
            --space;
            strides.push_back({size[space], inFile, inPiece});
            first += start[space] * inFile;
            inPiece *= size[space];
        } else if (axis.role == AxisRole::Channel) {
            strides.push_back({axis.extent, inFile, channelInPiece});
            channelInPiece *= axis.extent;
        } else {
            first += index % axis.extent * inFile;
            index /= axis.extent;
        }
        inFile *= axis.extent;
    }
    readStrided(file.raw, static_cast<std::uint64_t>(first), std::move(strides), piece.values);
    return piece;
}

Affine affineOf(const std::array<Vector3, 3>& columns, const Vector3& origin) {
    Affine affine{};
    for (std::size_t row = 0; row < 3; ++row) {
        for (std::size_t column = 0; column < 3; ++column)
            affine[row * 4 + column] = columns[column][row];
        affine[row * 4 + 3] = origin[row];
    }
    affine[15] = 1;
    return affine;
}

Affine flipped(Affine affine, const Vector3& signs) {
    for (std::size_t i = 0; i < 12; ++i)
        affine[i] *= signs[i / 4];
    return affine;
}

Geometry placed(const Affine& affine, const Vector3& spacing, std::vector<std::string>& notes) {
    Geometry geometry;
    geometry.affine = affine;
    if (!isPossible(affine)) {
        const auto step = [&](std::size_t axis) { return spacing[axis] <= largestStep ? spacing[axis] : 1; };
        geometry.affine = affineOf({{{step(0), 0, 0}, {0, step(1), 0}, {0, 0, step(2)}}}, {});
        notes.emplace_back("The orientation in the header is impossible; only the voxel size is used.");
    }
    for (double& entry : geometry.affine)
        entry += 0.0;  // -0 becomes 0
    for (std::size_t axis = 0; axis < 3; ++axis)
        geometry.spacing[axis] =
            std::hypot(geometry.affine[axis], geometry.affine[4 + axis], geometry.affine[8 + axis]);
    if (std::ranges::any_of(geometry.spacing, [](double step) { return step < smallestStep; }))
        notes.emplace_back("The voxel size in the header is hardly one in millimetres.");
    return geometry;
}

ItemHeader VolumeFormat::inspect(const std::filesystem::path& path) const {
    return opened(path)->header;
}

Reading VolumeFormat::read(const std::filesystem::path& path, std::int64_t index, const Shape& start,
                           const Shape& size) const {
    return {readVolume(*opened(path), index, start, size)};
}

std::shared_ptr<const VolumeFile> VolumeFormat::opened(const std::filesystem::path& path) const {
    constexpr std::size_t most = 4;
    const std::uint64_t size = fileSize(path);
    std::error_code unknown;
    const auto written = std::filesystem::last_write_time(path, unknown);
    const auto isIt = [&](const Kept& kept) {
        return kept.path == path && kept.size == size && kept.written == written;
    };
    {
        const std::lock_guard lock(m_mutex);
        if (const auto found = std::ranges::find_if(m_kept, isIt); found != m_kept.end()) {
            std::rotate(found, found + 1, m_kept.end());
            return m_kept.back().file;
        }
    }
    auto file = std::make_shared<const VolumeFile>(open(path));
    const std::lock_guard lock(m_mutex);
    std::erase_if(m_kept, [&](const Kept& kept) { return kept.path == path; });
    if (m_kept.size() == most)
        m_kept.erase(m_kept.begin());
    m_kept.push_back({path, size, written, file});
    return file;
}

}  // namespace denoscope
