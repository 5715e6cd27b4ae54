// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/NiftiWriter.h"

#include <fmt/format.h>
#include <nifti1.h>
#include <zlib.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

nifti_1_header headerOf(const Item& item, double low, double high, std::string_view description) {
    const Shape& shape = item.array->shape;
    nifti_1_header h{};
    h.sizeof_hdr = sizeof h;
    h.dim[0] = shape[0] > 1 ? 5 : 3;
    std::fill(h.dim + 1, h.dim + 8, static_cast<short>(1));
    for (std::size_t axis = 1; axis < 4; ++axis)
        h.dim[axis] = static_cast<short>(shape[4 - axis]);
    h.dim[5] = static_cast<short>(shape[0]);
    h.intent_code = shape[0] > 1 ? NIFTI_INTENT_VECTOR : NIFTI_INTENT_NONE;
    h.datatype = DT_FLOAT32;
    h.bitpix = 32;
    h.pixdim[0] = 1;
    std::fill(h.pixdim + 1, h.pixdim + 8, 1.0f);
    for (std::size_t axis = 0; axis < 3; ++axis)
        h.pixdim[axis + 1] = static_cast<float>(item.geometry.spacing[axis]);
    h.vox_offset = 352;
    h.scl_slope = 1;
    h.cal_min = static_cast<float>(low);
    h.cal_max = static_cast<float>(high);
    h.xyzt_units = NIFTI_UNITS_MM;
    description.copy(h.descrip, sizeof h.descrip - 1);
    h.sform_code = NIFTI_XFORM_SCANNER_ANAT;
    float* const rows[3] = {h.srow_x, h.srow_y, h.srow_z};
    for (std::size_t i = 0; i < 12; ++i)
        rows[i / 4][i % 4] = static_cast<float>(item.geometry.affine[i]);
    std::memcpy(h.magic, "n+1", 4);
    return h;
}

std::string gzipped(const std::string& bytes) {
    z_stream stream{};
    if (deflateInit2(&stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY) !=
        Z_OK)
        throw EngineError("there is no memory to compress with", "", "write .nii instead of .nii.gz");
    std::string result, part(1 << 18, '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    std::size_t left = bytes.size();
    int state = Z_OK;
    while (state != Z_STREAM_END) {
        if (stream.avail_in == 0) {  // zlib counts in 32 bits
            stream.avail_in =
                static_cast<uInt>(std::min<std::size_t>(left, std::numeric_limits<uInt>::max()));
            left -= stream.avail_in;
        }
        stream.next_out = reinterpret_cast<Bytef*>(part.data());
        stream.avail_out = static_cast<uInt>(part.size());
        state = deflate(&stream, left == 0 ? Z_FINISH : Z_NO_FLUSH);
        result.append(part, 0, part.size() - stream.avail_out);
    }
    deflateEnd(&stream);
    return result;
}

}  // namespace

std::string encodeNifti(const Item& item, double low, double high, bool compressed,
                        std::string_view description) {
    for (const std::int64_t extent : item.array->shape)
        if (extent > std::numeric_limits<short>::max())
            throw EngineError(
                fmt::format("{} voxels do not fit into a NIfTI-1 file", toText(item.array->shape)), item.name,
                "write .npy instead");
    const nifti_1_header header = headerOf(item, low, high, description);
    const std::vector<float>& values = item.array->values;
    std::string bytes(352 + values.size() * sizeof(float), '\0');
    std::memcpy(bytes.data(), &header, sizeof header);
    std::memcpy(bytes.data() + 352, values.data(), values.size() * sizeof(float));
    return compressed ? gzipped(bytes) : bytes;
}

}  // namespace denoscope
