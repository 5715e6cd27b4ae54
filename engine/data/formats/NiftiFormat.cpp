// SPDX-License-Identifier: GPL-3.0-or-later
// NIfTI-1 and NIfTI-2, https://nifti.nimh.nih.gov: one file (.nii) or a pair (.hdr, .img), also compressed,
// and pairs of ANALYZE 7.5. The library gives the header layouts, byte swapping and quaternions; its own
// reader is not used because it believes what a header says.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/formats/NiftiHeader.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

[[noreturn]] void failNifti(const std::string& name, const std::string& what) {
    throw EngineError(what, name, "the file is damaged; copy or export it again");
}

struct StoredType {
    ScalarType scalar;
    std::int64_t channels = 1;  // colours beside each other
};

StoredType storedType(int code, const std::string& name) {
    switch (code) {
        case DT_UINT8:
            return {{'u', 1}};
        case DT_INT8:
            return {{'i', 1}};
        case DT_INT16:
            return {{'i', 2}};
        case DT_UINT16:
            return {{'u', 2}};
        case DT_INT32:
            return {{'i', 4}};
        case DT_UINT32:
            return {{'u', 4}};
        case DT_INT64:
            return {{'i', 8}};
        case DT_UINT64:
            return {{'u', 8}};
        case DT_FLOAT32:
            return {{'f', 4}};
        case DT_FLOAT64:
            return {{'f', 8}};
        case DT_RGB24:
            return {{'u', 1}, 3};
        case DT_RGBA32:
            return {{'u', 1}, 4};
        case DT_COMPLEX64:
        case DT_COMPLEX128:
        case DT_COMPLEX256:
            throw EngineError("holds complex numbers", name,
                              "store magnitude and phase, or real and imaginary part, as two volumes");
        default:
            throw EngineError(fmt::format("holds values of NIfTI type {}", code), name,
                              "convert it to integers or real numbers of at most 64 bits");
    }
}

// Width, height, depth; the fourth dimension is time, the fifth what a voxel holds, the others are neither.
std::vector<StoredAxis> axesOf(const nifti_2_header& h, std::int64_t colours, const std::string& name) {
    constexpr std::array roles{AxisRole::Space,   AxisRole::Space, AxisRole::Space, AxisRole::Item,
                               AxisRole::Channel, AxisRole::Item,  AxisRole::Item};
    if (h.dim[0] < 1 || h.dim[0] > 7)
        failNifti(name, fmt::format("claims {} dimensions", h.dim[0]));
    std::vector<StoredAxis> axes;
    if (colours > 1)
        axes.push_back({colours, AxisRole::Channel});
    for (std::size_t axis = 1; axis < 8; ++axis) {
        const std::int64_t extent = axis <= static_cast<std::size_t>(h.dim[0]) ? h.dim[axis] : 1;
        if (extent < 1)
            failNifti(name, fmt::format("claims {} voxels along dimension {}", extent, axis));
        if (axis <= 3 || extent > 1)
            axes.push_back({extent, roles[axis - 1]});
    }
    return axes;
}

bool endsWithText(const std::string& text, std::string_view ending) {
    return text.size() > ending.size() &&
           std::equal(ending.begin(), ending.end(), text.end() - static_cast<std::ptrdiff_t>(ending.size()),
                      [](char a, char b) { return a == std::tolower(static_cast<unsigned char>(b)); });
}

// The other half of a pair, whichever way it is compressed and its ending written; empty where there is none.
fs::path otherHalf(const fs::path& path, std::string_view from, const std::array<std::string_view, 4>& to) {
    std::string name = path.string();
    if (endsWithText(name, ".gz"))
        name.resize(name.size() - 3);
    if (!endsWithText(name, from))
        return {};
    name.resize(name.size() - from.size());
    for (const std::string_view ending : to)
        if (std::error_code unknown; fs::is_regular_file(name + std::string(ending), unknown))
            return name + std::string(ending);
    return {};
}

// Of a pair the half that describes; whatever else is named, itself.
fs::path headerFile(const fs::path& path) {
    const fs::path header = otherHalf(path, ".img", {".hdr", ".hdr.gz", ".HDR", ".HDR.GZ"});
    return header.empty() ? path : header;
}

fs::path voxelFile(const fs::path& header, NiftiKind kind) {
    if (kind == NiftiKind::Single)
        return header;
    const fs::path voxels = otherHalf(header, ".hdr", {".img", ".img.gz", ".IMG", ".IMG.GZ"});
    if (voxels.empty())
        throw EngineError("is the header of a pair whose voxels (.img) are not beside it", header.string(),
                          "put both files into one folder, under one name");
    return voxels;
}

StoredValues storedValues(const NiftiHeader& nifti, const fs::path& header, ScalarType type) {
    const fs::path file = voxelFile(header, nifti.kind);
    const std::int64_t offset = nifti.fields.vox_offset, least = nifti.kind == NiftiKind::Single ? 348 : 0;
    if (offset < least)
        failNifti(header.string(), "has an impossible position of the voxels in its header");
    return {{file}, 0, 0, offset, isGzip(file) ? Encoding::Deflated : Encoding::Raw, type, nifti.bigEndian};
}

void scale(VolumeFile& file, const nifti_2_header& h) {
    if (std::isfinite(h.scl_slope) && std::isfinite(h.scl_inter) &&
        h.scl_slope != 0) {  // 0 means: not scaled
        file.header.details.slope = file.raw.slope = h.scl_slope;
        file.header.details.intercept = file.raw.intercept = h.scl_inter;
    } else if (h.scl_slope != 0) {
        file.header.notes.emplace_back(
            "The scaling in the header is not a number; the stored values are used as they are.");
    }
}

class NiftiFormat : public VolumeFormat {
public:
    std::string name() const override { return "NIfTI"; }

private:
    VolumeFile open(const fs::path& path) const override {
        const fs::path header = headerFile(path);
        const std::string shown = path.string();
        const NiftiHeader nifti =
            readNiftiHeader(isGzip(header) ? *openGzip(header) : *openBytes(header), shown);
        const nifti_2_header& h = nifti.fields;
        const StoredType type = storedType(h.datatype, shown);
        VolumeFile file;
        file.axes = axesOf(h, type.channels, shown);
        const std::uint64_t values = arrange(file, shown);
        attach(file, storedValues(nifti, header, type.scalar), values);
        if (type.channels == 1 && nifti.kind != NiftiKind::Analyze)
            scale(file, h);
        if (type.channels > 1 && file.header.shape.front() == type.channels)
            file.header.details.channelNames = colourNames(type.channels);
        if (h.dim[0] > 3 && h.dim[4] > 1)
            file.header.details.timeStep = timeStepOf(h);
        file.header.geometry = geometryOf(nifti, file.header.notes);
        return file;
    }
};

}  // namespace

std::unique_ptr<Format> niftiFormat() {
    return std::make_unique<NiftiFormat>();
}

}  // namespace denoscope
