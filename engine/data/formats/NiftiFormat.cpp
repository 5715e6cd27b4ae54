// SPDX-License-Identifier: GPL-3.0-or-later
// NIfTI-1 and NIfTI-2 volumes in one file (.nii, .nii.gz), https://nifti.nimh.nih.gov. The library gives the
// header layouts, byte swapping and quaternions; its own reader is not used because it believes what a header
// says.
#include <fmt/format.h>
#include <nifti2_io.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <optional>

#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/formats/Bytes.h"
#include "engine/data/formats/Format.h"
#include "engine/data/formats/RawArray.h"

namespace denoscope {
namespace {

[[noreturn]] void failNifti(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "the file is damaged; copy or export it again");
}

ScalarType scalarType(int code, const std::string& name) {
    switch (code) {
        case DT_UINT8:
            return {'u', 1};
        case DT_INT8:
            return {'i', 1};
        case DT_INT16:
            return {'i', 2};
        case DT_UINT16:
            return {'u', 2};
        case DT_INT32:
            return {'i', 4};
        case DT_UINT32:
            return {'u', 4};
        case DT_INT64:
            return {'i', 8};
        case DT_UINT64:
            return {'u', 8};
        case DT_FLOAT32:
            return {'f', 4};
        case DT_FLOAT64:
            return {'f', 8};
        default:
            throw EngineError(fmt::format("holds values of NIfTI type {}", code), name,
                              "convert it to integers or real numbers of at most 64 bits");
    }
}

// Both versions of the header in the wider one's types.
struct Nifti {
    nifti_2_header header{};
    bool bigEndian = false;
};

nifti_2_header widened(const nifti_1_header& h) {
    nifti_2_header wide{};
    std::copy(std::begin(h.dim), std::end(h.dim), wide.dim);
    std::copy(std::begin(h.pixdim), std::end(h.pixdim), wide.pixdim);
    wide.datatype = h.datatype;
    // A float that is no number must not become an integer; 0 is refused further on.
    wide.vox_offset = h.vox_offset >= 0 && h.vox_offset < 1e15f ? static_cast<std::int64_t>(h.vox_offset) : 0;
    wide.scl_slope = h.scl_slope;
    wide.scl_inter = h.scl_inter;
    wide.qform_code = h.qform_code;
    wide.sform_code = h.sform_code;
    wide.quatern_b = h.quatern_b;
    wide.quatern_c = h.quatern_c;
    wide.quatern_d = h.quatern_d;
    wide.qoffset_x = h.qoffset_x;
    wide.qoffset_y = h.qoffset_y;
    wide.qoffset_z = h.qoffset_z;
    std::copy(std::begin(h.srow_x), std::end(h.srow_x), wide.srow_x);
    std::copy(std::begin(h.srow_y), std::end(h.srow_y), wide.srow_y);
    std::copy(std::begin(h.srow_z), std::end(h.srow_z), wide.srow_z);
    return wide;
}

template <class Header>
std::optional<Header> headerAs(const ByteSource& bytes, std::int32_t firstWord, std::int32_t swappedWord,
                               void (*swap)(Header*), bool& swapped) {
    if (firstWord != sizeof(Header) && swappedWord != sizeof(Header))
        return std::nullopt;
    Header header;
    bytes.read(0, std::as_writable_bytes(std::span(&header, 1)));
    swapped = firstWord != sizeof(Header);
    if (swapped)
        swap(&header);
    return header;
}

Nifti readHeader(const ByteSource& bytes, const std::string& name) {
    std::array<unsigned char, 4> b{};
    bytes.read(0, std::as_writable_bytes(std::span(b)));
    const auto little = static_cast<std::int32_t>(b[0] | b[1] << 8 | b[2] << 16 | std::uint32_t{b[3]} << 24);
    const auto big = static_cast<std::int32_t>(b[3] | b[2] << 8 | b[1] << 16 | std::uint32_t{b[0]} << 24);
    const bool bigHost = std::endian::native == std::endian::big;
    const std::int32_t first = bigHost ? big : little, other = bigHost ? little : big;
    Nifti nifti;
    bool swapped = false;
    if (const auto one = headerAs<nifti_1_header>(bytes, first, other, nifti_swap_as_nifti1, swapped)) {
        if (std::memcmp(one->magic, "ni1", 3) == 0)
            throw EngineError("is the header of a .hdr/.img pair", name, "convert the pair to one .nii file");
        if (std::memcmp(one->magic, "n+1", 3) != 0)
            failNifti(name, "does not carry the mark of a NIfTI file");
        nifti.header = widened(*one);
    } else if (const auto two =
                   headerAs<nifti_2_header>(bytes, first, other, nifti_swap_as_nifti2, swapped)) {
        if (std::memcmp(two->magic, "n+2", 3) != 0)
            failNifti(name, "does not carry the mark of a NIfTI file");
        nifti.header = *two;
    } else {
        failNifti(name, "does not begin as a NIfTI file does");
    }
    nifti.bigEndian = swapped != bigHost;
    return nifti;
}

using Affine = std::array<double, 16>;

bool isUsable(const Affine& a) {
    const double determinant = a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) +
                               a[2] * (a[4] * a[9] - a[5] * a[8]);
    return std::all_of(a.begin(), a.end(), [](double v) { return std::isfinite(v); }) &&
           std::abs(determinant) > 1e-12;
}

// Voxel sizes of the header in mm; an impossible one becomes 1.
std::array<double, 3> voxelSizes(const nifti_2_header& h, std::vector<std::string>& notes) {
    std::array<double, 3> sizes{};
    for (std::size_t axis = 0; axis < 3; ++axis) {
        sizes[axis] = std::abs(h.pixdim[axis + 1]);
        if (!(sizes[axis] > 0) || !std::isfinite(sizes[axis])) {
            if (h.sform_code <= 0)  // which does without them
                notes.emplace_back("A voxel size is missing or impossible; 1 mm is assumed.");
            sizes[axis] = 1;
        }
    }
    return sizes;
}

// In the standard's order of preference: sform, qform, voxel sizes alone.
Geometry geometryOf(const nifti_2_header& h, std::vector<std::string>& notes) {
    const std::array<double, 3> step = voxelSizes(h, notes);
    Geometry geometry;
    geometry.affine = {step[0], 0, 0, 0, 0, step[1], 0, 0, 0, 0, step[2], 0, 0, 0, 0, 1};
    Affine affine{};
    affine[15] = 1;
    if (h.sform_code > 0) {
        std::copy_n(h.srow_x, 4, affine.begin());
        std::copy_n(h.srow_y, 4, affine.begin() + 4);
        std::copy_n(h.srow_z, 4, affine.begin() + 8);
    } else if (h.qform_code > 0) {
        const nifti_dmat44 m =
            nifti_quatern_to_dmat44(h.quatern_b, h.quatern_c, h.quatern_d, h.qoffset_x, h.qoffset_y,
                                    h.qoffset_z, step[0], step[1], step[2], h.pixdim[0] < 0 ? -1 : 1);
        for (std::size_t i = 0; i < 16; ++i)
            affine[i] = m.m[i / 4][i % 4];
    }
    if (isUsable(affine))
        geometry.affine = affine;
    else if (h.sform_code > 0 || h.qform_code > 0)
        notes.emplace_back("The orientation in the header is impossible; only the voxel size is used.");
    for (std::size_t axis = 0; axis < 3; ++axis)
        geometry.spacing[axis] =
            std::hypot(geometry.affine[axis], geometry.affine[4 + axis], geometry.affine[8 + axis]);
    return geometry;
}

// (1, D, H, W) of the first volume.
Shape shapeOf(const nifti_2_header& h, const std::string& name, std::vector<std::string>& notes) {
    if (h.dim[0] < 1 || h.dim[0] > 7)
        failNifti(name, fmt::format("claims {} dimensions", h.dim[0]));
    std::array<std::int64_t, 8> dim{};
    for (std::size_t axis = 1; axis < 8; ++axis) {
        dim[axis] = axis <= static_cast<std::size_t>(h.dim[0]) ? h.dim[axis] : 1;
        if (dim[axis] < 1)
            failNifti(name, fmt::format("claims {} voxels along dimension {}", dim[axis], axis));
    }
    const std::int64_t volumes = elementCount({dim[4], dim[5], dim[6], dim[7]});
    if (volumes > 1)
        notes.push_back(fmt::format("Only the first of {} volumes in a file is used.", volumes));
    return {1, dim[3], dim[2], dim[1]};
}

struct OpenVolume {
    ItemHeader header;
    RawArray raw;
};

// Where the voxels begin; `size` is the most that the file can hold.
std::uint64_t voxelOffset(const nifti_2_header& h, const ItemHeader& header, ScalarType type,
                          std::uint64_t size, const std::string& name) {
    const auto needed = static_cast<std::uint64_t>(elementCount(withChannels(type.bytes, header.shape)));
    if (h.vox_offset < 348 || static_cast<std::uint64_t>(h.vox_offset) > size)
        failNifti(name, "has an impossible position of the voxels in its header");
    const auto offset = static_cast<std::uint64_t>(h.vox_offset);
    if (needed > size - offset)
        failNifti(name,
                  fmt::format("claims {} voxels of {}, which need {} bytes; there is room for {}",
                              toText(spatialExtents(header.shape)), header.dtype, needed, size - offset));
    return offset;
}

OpenVolume openVolume(const std::filesystem::path& path) {
    const std::string name = path.string();
    const bool compressed = isGzip(path);
    OpenVolume volume;
    RawArray& raw = volume.raw;
    ItemHeader& header = volume.header;
    raw.bytes = compressed ? openGzip(path) : openBytes(path);
    const Nifti nifti = readHeader(*raw.bytes, name);
    const nifti_2_header& h = nifti.header;
    raw.type = scalarType(h.datatype, name);
    raw.bigEndian = nifti.bigEndian;
    header.kind = DataKind::Volume;
    header.shape = shapeOf(h, name, header.notes);
    header.dtype = toText(raw.type);
    header.windowed = !compressed;
    raw.offset =
        voxelOffset(h, header, raw.type, compressed ? largestInflated(fileSize(path)) : fileSize(path), name);
    if (std::isfinite(h.scl_slope) && std::isfinite(h.scl_inter) &&
        h.scl_slope != 0) {  // 0 means: not scaled
        raw.slope = h.scl_slope;
        raw.intercept = h.scl_inter;
    } else if (h.scl_slope != 0) {
        header.notes.emplace_back(
            "The scaling in the header is not a number; the stored values are used as they are.");
    }
    header.geometry = geometryOf(h, header.notes);
    return volume;
}

class NiftiFormat : public Format {
public:
    std::string name() const override { return "NIfTI"; }

    ItemHeader inspect(const std::filesystem::path& path) const override { return openVolume(path).header; }

    Array read(const std::filesystem::path& path, std::int64_t, const Shape& start,
               const Shape& size) const override {
        const OpenVolume volume = openVolume(path);
        Array piece = readPiece(volume.raw, 0, volume.header.shape, false, start, size);
        requireFinite(piece, path.string());
        return piece;
    }
};

}  // namespace

std::unique_ptr<Format> niftiFormat() {
    return std::make_unique<NiftiFormat>();
}

}  // namespace denoscope
