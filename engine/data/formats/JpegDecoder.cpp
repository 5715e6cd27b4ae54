// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/JpegDecoder.h"

#include <array>
#include <csetjmp>
#include <cstdio>

#include <jpeglib.h>  // needs <cstdio> before it

#include <jerror.h>

#include "engine/data/formats/LibraryReason.h"
#include "engine/data/formats/Pictures.h"

namespace denoscope {

// libjpeg reports errors by longjmp. So everything between setjmp and it is plain C: no object is made there
// that has to be destroyed.
struct JpegState {
    std::span<const std::byte> bytes;
    jpeg_decompress_struct info{};
    jpeg_error_mgr errors{};
    std::jmp_buf failed{};
    std::array<char, JMSG_LENGTH_MAX> failure{}, damage{};  // the first complaint of either kind
    bool decoding = false;
};

namespace {

constexpr const char* library = "libjpeg-turbo";
constexpr int exifMarker = JPEG_APP0 + 1;  // also that of other metadata

// Whether what libjpeg warns of may have cost pixels. Bytes that belong to nothing are harmless before the
// first scan; behind it they are what the decoder left over when it lost its place.
bool touchesPixels(const jpeg_error_mgr& errors, bool decoding) {
    switch (errors.msg_code) {
        case JWRN_EXTRANEOUS_DATA:
            return decoding;
        case JWRN_ADOBE_XFORM:
        case JWRN_JFIF_MAJOR:
        case JWRN_BOGUS_ICC:
            return false;
        default:
            return true;
    }
}

JpegState& stateOf(j_common_ptr info) {
    return *static_cast<JpegState*>(info->client_data);
}

void keepWarning(j_common_ptr info, int level) {
    if (level >= 0)
        return;  // no warning but a trace
    JpegState& state = stateOf(info);
    auto& kept = touchesPixels(*info->err, state.decoding) ? state.failure : state.damage;
    if (kept.front() == '\0')
        info->err->format_message(info, kept.data());
}

[[noreturn]] void keepError(j_common_ptr info) {
    info->err->format_message(info, stateOf(info).failure.data());
    std::longjmp(stateOf(info).failed, 1);
}

bool startHeader(JpegState& state) {
    if (setjmp(state.failed))
        return false;
    jpeg_create_decompress(&state.info);
    jpeg_mem_src(&state.info, reinterpret_cast<const unsigned char*>(state.bytes.data()), state.bytes.size());
    jpeg_save_markers(&state.info, exifMarker, 0xFFFF);
    return jpeg_read_header(&state.info, TRUE) == JPEG_HEADER_OK;
}

bool decode(JpegState& state, JSAMPLE* pixels) {
    if (setjmp(state.failed))
        return false;
    state.decoding = true;
    jpeg_start_decompress(&state.info);
    while (state.info.output_scanline < state.info.output_height) {
        JSAMPLE* row = pixels + std::size_t{state.info.output_scanline} * state.info.output_width *
                                    static_cast<std::size_t>(state.info.output_components);
        jpeg_read_scanlines(&state.info, &row, 1);
    }
    return jpeg_finish_decompress(&state.info) != FALSE;
}

}  // namespace

JpegDecoder::JpegDecoder(std::span<const std::byte> bytes) : m_state(std::make_unique<JpegState>()) {
    m_state->bytes = bytes;
    m_state->info.err = jpeg_std_error(&m_state->errors);
    m_state->info.client_data = m_state.get();
    m_state->errors.error_exit = keepError;
    m_state->errors.emit_message = keepWarning;
}

JpegDecoder::~JpegDecoder() {
    jpeg_destroy_decompress(&m_state->info);
}

bool JpegDecoder::readHeader() {
    if (!startHeader(*m_state) || m_state->failure.front() != '\0')
        return false;
    jpeg_decompress_struct& info = m_state->info;
    const bool inks = info.jpeg_color_space == JCS_CMYK || info.jpeg_color_space == JCS_YCCK;
    info.out_color_space = info.jpeg_color_space == JCS_GRAYSCALE ? JCS_GRAYSCALE : inks ? JCS_CMYK : JCS_RGB;
    return true;
}

bool JpegDecoder::readPixels(std::span<std::uint8_t> interleaved) {
    return interleaved.size() == static_cast<std::size_t>(width() * height() * samples()) &&
           decode(*m_state, interleaved.data()) && m_state->failure.front() == '\0';
}

std::int64_t JpegDecoder::width() const {
    return m_state->info.image_width;
}
std::int64_t JpegDecoder::height() const {
    return m_state->info.image_height;
}
int JpegDecoder::samples() const {
    return m_state->info.out_color_space == JCS_GRAYSCALE ? 1
           : m_state->info.out_color_space == JCS_RGB     ? 3
                                                          : 4;
}

std::string_view JpegDecoder::exif() const {
    for (const jpeg_marker_struct* marker = m_state->info.marker_list; marker != nullptr;
         marker = marker->next) {
        const std::string_view bytes(reinterpret_cast<const char*>(marker->data), marker->data_length);
        if (marker->marker == exifMarker && bytes.starts_with(exifStart))
            return bytes;
    }
    return {};
}

std::string JpegDecoder::failure() const {
    return librarySays(library, m_state->failure.data());
}
std::string JpegDecoder::damage() const {
    return quoted(library, m_state->damage.data());
}

}  // namespace denoscope
