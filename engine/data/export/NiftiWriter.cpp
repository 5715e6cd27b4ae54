// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/export/NiftiWriter.h"

#include <fmt/format.h>
#include <nifti1.h>
#include <zlib.h>

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstring>
#include <limits>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/data/export/Numbers.h"

namespace denoscope {
namespace {

constexpr std::size_t valuesAtOnce = std::size_t{1} << 20;

short typeCodeOf(ScalarType type) {
    const bool isSigned = type.kind == 'i';
    if (type.kind == 'f')
        return DT_FLOAT32;
    if (type.bytes == 1)
        return isSigned ? DT_INT8 : DT_UINT8;
    if (type.bytes == 2)
        return isSigned ? DT_INT16 : DT_UINT16;
    return isSigned ? DT_INT32 : DT_UINT32;
}

// In the order of the file: width, height, depth, times, channels.
void setExtents(nifti_1_header& h, const Shape& shape, std::int64_t times, std::int64_t channels,
                const std::string& path) {
    const std::int64_t extents[5] = {shape[3], shape[2], shape[1], times, channels};
    std::fill(h.dim, h.dim + 8, static_cast<short>(1));
    for (std::size_t axis = 0; axis < 5; ++axis) {
        if (extents[axis] > std::numeric_limits<short>::max())
            throw EngineError(
                fmt::format("{} voxels at {} times do not fit into a NIfTI-1 file", toText(shape), times),
                path, "write .npy instead");
        h.dim[axis + 1] = static_cast<short>(extents[axis]);
    }
    h.dim[0] = channels > 1 ? 5 : times > 1 ? 4 : 3;
}

nifti_1_header headerOf(const Item& first, const NiftiContent& content, const std::string& path) {
    nifti_1_header h{};
    h.sizeof_hdr = sizeof h;
    const Shape& shape = first.array->shape;
    setExtents(h, shape, content.items.count, content.colours ? 1 : shape[0], path);
    h.intent_code = h.dim[5] > 1 ? NIFTI_INTENT_VECTOR : NIFTI_INTENT_NONE;
    h.datatype = !content.colours ? typeCodeOf(content.items.type) : shape[0] == 4 ? DT_RGBA32 : DT_RGB24;
    h.bitpix = static_cast<short>(8 * content.items.type.bytes * (content.colours ? shape[0] : 1));
    std::fill(h.pixdim, h.pixdim + 8, 1.0f);
    for (std::size_t axis = 0; axis < 3; ++axis)
        h.pixdim[axis + 1] = static_cast<float>(first.geometry.spacing[axis]);
    h.xyzt_units = NIFTI_UNITS_MM;
    if (h.dim[4] > 1) {
        h.pixdim[4] = static_cast<float>(content.timeStep);
        h.xyzt_units |= NIFTI_UNITS_SEC;
    }
    h.vox_offset = 352;
    h.scl_slope = 1;
    h.cal_min = static_cast<float>(content.low);
    h.cal_max = static_cast<float>(content.high);
    content.description.copy(h.descrip, sizeof h.descrip - 1);
    h.sform_code = NIFTI_XFORM_SCANNER_ANAT;
    float* const rows[3] = {h.srow_x, h.srow_y, h.srow_z};
    for (std::size_t i = 0; i < 12; ++i)
        rows[i / 4][i % 4] = static_cast<float>(first.geometry.affine[i]);
    std::memcpy(h.magic, "n+1", 4);
    return h;
}

// Bytes on their way into a stream, as they are or through gzip.
class Sink {
public:
    Sink(std::ostream& stream, bool compressed) : m_stream(stream), m_compressed(compressed) {
        if (compressed && deflateInit2(&m_state, Z_DEFAULT_COMPRESSION, Z_DEFLATED, MAX_WBITS + 16, 8,
                                       Z_DEFAULT_STRATEGY) != Z_OK)
            throw EngineError("there is no memory to compress with", "", "write .nii instead of .nii.gz");
    }
    ~Sink() {
        if (m_compressed)
            deflateEnd(&m_state);
    }
    Sink(const Sink&) = delete;
    Sink& operator=(const Sink&) = delete;

    // At most 4 GiB at once, as zlib counts in 32 bits.
    void put(std::string& bytes) {
        if (m_compressed)
            deflateAll(bytes, Z_NO_FLUSH);
        else
            m_stream.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    }
    void finish() {
        std::string nothing;
        if (m_compressed)
            deflateAll(nothing, Z_FINISH);
    }

private:
    void deflateAll(std::string& bytes, int flush) {
        m_state.next_in = reinterpret_cast<Bytef*>(bytes.data());
        m_state.avail_in = static_cast<uInt>(bytes.size());
        do {
            m_state.next_out = reinterpret_cast<Bytef*>(m_part.data());
            m_state.avail_out = static_cast<uInt>(m_part.size());
            deflate(&m_state, flush);
            m_stream.write(m_part.data(), static_cast<std::streamsize>(m_part.size() - m_state.avail_out));
        } while (m_state.avail_out == 0);
    }

    std::ostream& m_stream;
    bool m_compressed;
    z_stream m_state{};
    std::string m_part = std::string(1 << 18, '\0');
};

// Voxel by voxel.
void putColours(const Array& array, Sink& sink) {
    const auto channels = static_cast<std::size_t>(array.shape[0]), size = array.values.size() / channels;
    std::string bytes;
    for (std::size_t start = 0; start < size; start += valuesAtOnce) {
        bytes.clear();
        for (std::size_t voxel = start; voxel < std::min(start + valuesAtOnce, size); ++voxel)
            for (std::size_t channel = 0; channel < channels; ++channel)
                bytes += static_cast<char>(static_cast<unsigned char>(array.values[channel * size + voxel]));
        sink.put(bytes);
    }
}

void putChannel(const Array& array, std::int64_t channel, ScalarType type, Sink& sink) {
    const auto size = array.values.size() / static_cast<std::size_t>(array.shape[0]);
    const std::span values(array.values.data() + static_cast<std::size_t>(channel) * size, size);
    std::string bytes;
    for (std::size_t start = 0; start < size; start += valuesAtOnce) {
        bytes.clear();
        appendAs(type, values.subspan(start, std::min(valuesAtOnce, size - start)), bytes);
        sink.put(bytes);
    }
}

}  // namespace

void writeNifti(const NiftiContent& content, const std::string& path) {
    Item item = content.items.item(0);
    const nifti_1_header header = headerOf(item, content, path);
    const std::string_view ending =
        std::string_view(path).substr(path.size() - std::min<std::size_t>(3, path.size()));
    const bool compressed = std::ranges::equal(ending, std::string_view(".gz"), {}, [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
    });
    writeFileAtomically(path, [&](std::ostream& stream) {
        Sink sink(stream, compressed);
        std::string start(352, '\0');
        std::memcpy(start.data(), &header, sizeof header);
        sink.put(start);
        for (std::int64_t channel = 0; channel < header.dim[5]; ++channel)
            for (std::int64_t time = 0; time < content.items.count; ++time) {
                if (content.items.count > 1)
                    item = content.items.item(time);
                if (content.colours)
                    putColours(*item.array, sink);
                else
                    putChannel(*item.array, channel, content.items.type, sink);
            }
        sink.finish();
    });
}

}  // namespace denoscope
