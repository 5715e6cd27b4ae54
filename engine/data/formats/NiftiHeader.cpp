// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/NiftiHeader.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

[[noreturn]] void failNifti(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "the file is damaged; copy or export it again");
}

nifti_2_header widened(const nifti_1_header& h) {
    nifti_2_header wide{};
    std::copy(std::begin(h.dim), std::end(h.dim), wide.dim);
    std::copy(std::begin(h.pixdim), std::end(h.pixdim), wide.pixdim);
    wide.datatype = h.datatype;
    // A float that is no number must not become an integer; 0 is refused further on.
    wide.vox_offset = h.vox_offset >= 0 && h.vox_offset < 1e15f ? static_cast<std::int64_t>(h.vox_offset) : 0;
    wide.xyzt_units = static_cast<unsigned char>(h.xyzt_units);  // bits
    wide.intent_code = h.intent_code;
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

double millimetresPerUnit(const nifti_2_header& h) {
    switch (XYZT_TO_SPACE(h.xyzt_units)) {
        case NIFTI_UNITS_METER:
            return 1000;
        case NIFTI_UNITS_MICRON:
            return 0.001;
        default:
            return 1;
    }
}

// Voxel sizes of the header in its own unit; an impossible one becomes 1.
Vector3 voxelSizes(const nifti_2_header& h, double unit, std::vector<std::string>& notes) {
    Vector3 sizes{};
    const double smallest = 1e-6 / unit, largest = 1e6 / unit;  // beyond 1 nm and 1 km lies no body
    for (std::size_t axis = 0; axis < 3; ++axis) {
        sizes[axis] = std::abs(h.pixdim[axis + 1]);
        if (!(sizes[axis] >= smallest && sizes[axis] <= largest)) {
            if (h.sform_code <= 0)  // which does without them
                notes.emplace_back("A voxel size is missing or impossible; 1 is assumed.");
            sizes[axis] = 1;
        }
    }
    return sizes;
}

Affine sformOf(const nifti_2_header& h) {
    Affine affine{};
    std::copy_n(h.srow_x, 4, affine.begin());
    std::copy_n(h.srow_y, 4, affine.begin() + 4);
    std::copy_n(h.srow_z, 4, affine.begin() + 8);
    affine[15] = 1;
    return affine;
}

Affine qformOf(const nifti_2_header& h, const Vector3& step) {
    const nifti_dmat44 m =
        nifti_quatern_to_dmat44(h.quatern_b, h.quatern_c, h.quatern_d, h.qoffset_x, h.qoffset_y, h.qoffset_z,
                                step[0], step[1], step[2], h.pixdim[0] < 0 ? -1 : 1);
    Affine affine{};
    for (std::size_t i = 0; i < 16; ++i)
        affine[i] = m.m[i / 4][i % 4];
    return affine;
}

// How far apart two affines put any corner of the volume, in voxels of the smaller side.
double disagreement(const Affine& a, const Affine& b, const nifti_2_header& h, const Vector3& step) {
    double most = 0;
    for (unsigned corner = 0; corner < 8; ++corner)
        for (std::size_t row = 0; row < 3; ++row) {
            double apart = a[row * 4 + 3] - b[row * 4 + 3];
            for (std::size_t axis = 0; axis < 3; ++axis)
                if (corner >> axis & 1U)
                    apart +=
                        (a[row * 4 + axis] - b[row * 4 + axis]) * static_cast<double>(h.dim[axis + 1] - 1);
            most = std::max(most, std::abs(apart));
        }
    return most / *std::ranges::min_element(step);
}

}  // namespace

NiftiHeader readNiftiHeader(const ByteSource& bytes, const std::string& name) {
    std::array<unsigned char, 4> b{};
    bytes.read(0, std::as_writable_bytes(std::span(b)));
    const auto little = static_cast<std::int32_t>(b[0] | b[1] << 8 | b[2] << 16 | std::uint32_t{b[3]} << 24);
    const auto big = static_cast<std::int32_t>(b[3] | b[2] << 8 | b[1] << 16 | std::uint32_t{b[0]} << 24);
    const bool bigHost = std::endian::native == std::endian::big;
    const std::int32_t first = bigHost ? big : little, other = bigHost ? little : big;
    NiftiHeader nifti;
    bool swapped = false;
    if (const auto one = headerAs<nifti_1_header>(bytes, first, other, nifti_swap_as_nifti1, swapped)) {
        const bool single = std::memcmp(one->magic, "n+1", 3) == 0,
                   pair = std::memcmp(one->magic, "ni1", 3) == 0;
        nifti.kind = single ? NiftiKind::Single : pair ? NiftiKind::Pair : NiftiKind::Analyze;
        nifti.fields = widened(*one);
    } else if (const auto two =
                   headerAs<nifti_2_header>(bytes, first, other, nifti_swap_as_nifti2, swapped)) {
        const bool single = std::memcmp(two->magic, "n+2", 3) == 0;
        if (!single && std::memcmp(two->magic, "ni2", 3) != 0)
            failNifti(name, "does not carry the mark of a NIfTI file");
        nifti.kind = single ? NiftiKind::Single : NiftiKind::Pair;
        nifti.fields = *two;
    } else {
        failNifti(name, "does not begin as a NIfTI file does");
    }
    nifti.bigEndian = swapped != bigHost;
    return nifti;
}

Geometry geometryOf(const NiftiHeader& nifti, std::vector<std::string>& notes) {
    const nifti_2_header& h = nifti.fields;
    const double unit = nifti.kind == NiftiKind::Analyze ? 1 : millimetresPerUnit(h);
    const Vector3 step = voxelSizes(h, unit, notes);
    Affine affine = affineOf({{{step[0], 0, 0}, {0, step[1], 0}, {0, 0, step[2]}}}, {});
    if (nifti.kind == NiftiKind::Analyze) {
        affine[0] = -step[0];
        notes.emplace_back(
            "ANALYZE 7.5 does not say which side is left; rows are taken to run from right to left.");
    } else if (h.sform_code > 0) {
        affine = sformOf(h);
        if (h.qform_code > 0 && disagreement(affine, qformOf(h, step), h, step) > 0.5)
            notes.emplace_back(
                "The header holds two orientations that disagree; the sform is used, not the qform.");
    } else if (h.qform_code > 0) {
        affine = qformOf(h, step);
    } else {
        notes.emplace_back(
            "The header does not say how the volume lies (no qform, no sform): left and right are unknown.");
    }
    for (std::size_t i = 0; i < 12; ++i)
        affine[i] *= unit;
    return placed(affine, {step[0] * unit, step[1] * unit, step[2] * unit}, notes);
}

double timeStepOf(const nifti_2_header& fields) {
    const double step = std::abs(fields.pixdim[4]);
    if (!(step > 0) || !std::isfinite(step))
        return 0;
    switch (XYZT_TO_TIME(fields.xyzt_units)) {
        case NIFTI_UNITS_UNKNOWN:
        case NIFTI_UNITS_SEC:
            return step;
        case NIFTI_UNITS_MSEC:
            return step / 1000;
        case NIFTI_UNITS_USEC:
            return step / 1'000'000;
        default:  // hertz, parts per million, radians per second
            return 0;
    }
}

}  // namespace denoscope
