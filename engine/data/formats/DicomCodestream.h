// SPDX-License-Identifier: GPL-3.0-or-later
// Compressed pictures inside DICOM files are checked and cleaned before a library sees them: the libraries
// stop the program at marks that they do not expect.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace denoscope {

struct Codestream {
    std::int64_t width = 0, height = 0;
    int channels = 0, bits = 0;
    bool isSigned = false;
    bool lossless = false;  // JPEG without a transform
    // JPEG: whether its own marks say that its colours are YCbCr. JPEG 2000: whether decoding makes RGB of
    // them.
    std::optional<bool> transformed;
    std::vector<std::byte> bytes;  // without what a decoder has no need of
};

// Nothing where the bytes are not a whole header of that format.
std::optional<Codestream> readJpegStream(std::span<const std::byte> bytes);  // JPEG and JPEG-LS
std::optional<Codestream> readJpeg2000Stream(std::span<const std::byte> bytes);

}  // namespace denoscope
