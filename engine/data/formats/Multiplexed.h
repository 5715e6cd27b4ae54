// SPDX-License-Identifier: GPL-3.0-or-later
// Samples of several channels packed into frames one after another, as recorders write them.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "engine/data/formats/Bytes.h"

namespace denoscope {

// How stored numbers lie in bytes. All are two's complement, least significant byte first, where the name
// does not say otherwise; the packed ones are those of the WFDB library.
enum class SampleCoding {
    Difference8,  // the change since the sample before
    Int16,
    Int24,
    Int32,
    Int16BigEndian,
    Offset8,     // unsigned, 128 in the middle
    Offset16,    // unsigned, 32768 in the middle
    Packed12,    // two samples in three bytes
    Packed10,    // three samples in four bytes, eleven bits of either half and the rest of both
    Packed10Low  // three samples in the low thirty bits of four bytes
};
const char* typeName(SampleCoding coding);  // "int16"

// Bytes that so many samples take.
std::uint64_t bytesFor(SampleCoding coding, std::uint64_t samples);

struct Multiplexed {
    ByteSourcePtr bytes;
    std::uint64_t offset = 0;  // of the first frame
    SampleCoding coding = SampleCoding::Int16;
    std::vector<std::uint64_t> samples;  // of each channel in a frame, side by side; 0: it cannot be read
    std::vector<std::int32_t> initial;   // of each channel, for differences
    std::uint64_t frames = 0;
    bool markedMissing = false;  // the lowest number means that there is no sample

    std::uint64_t frameSamples() const;
};

// Stored numbers of one channel from sample `start` on; NaN where there is none.
void readChannel(const Multiplexed& source, std::size_t channel, std::uint64_t start,
                 std::span<float> target);

// How many samples of the channel are marked as missing.
std::uint64_t countMissing(const Multiplexed& source, std::size_t channel);

}  // namespace denoscope
