// SPDX-License-Identifier: GPL-3.0-or-later
// The pixels of one frame as they were before compression.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "engine/data/formats/DicomImage.h"

namespace denoscope {

// Of an uncompressed frame; only frames of single bits may end within a byte.
std::uint64_t dicomFrameBits(const DicomSamples& samples);

// Throws EngineError where the transfer syntax cannot be read, does not suit the samples, or the compressed
// data are too few for `frames` frames.
void requireReadable(const DicomImage& image, std::int64_t frames);

struct DecodedFrame {
    std::vector<std::byte> bytes;
    DicomSamples samples;  // how they lie in `bytes`, which may differ from how the file describes them
    std::string damage;    // a clause (Damage.h), or nothing
};
// A compressed frame. Throws EngineError for damaged data; what the data claim is checked against the header
// before a library sees them.
DecodedFrame decodeFrame(const DicomImage& image, std::int64_t frame);

}  // namespace denoscope
