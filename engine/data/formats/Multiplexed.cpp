// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/formats/Multiplexed.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>

namespace denoscope {
namespace {

// `samples` of them fill `bytes` and make a group that can be read by itself.
struct Coding {
    const char* name;
    int bits;  // of a sample
    std::uint64_t samples, bytes;
};

Coding codingOf(SampleCoding coding) {
    switch (coding) {
        case SampleCoding::Difference8:
        case SampleCoding::Offset8:
            return {"int8", 8, 1, 1};
        case SampleCoding::Int24:
            return {"int24", 24, 1, 3};
        case SampleCoding::Int32:
            return {"int32", 32, 1, 4};
        case SampleCoding::Packed12:
            return {"int12", 12, 2, 3};
        case SampleCoding::Packed10:
        case SampleCoding::Packed10Low:
            return {"int10", 10, 3, 4};
        default:
            return {"int16", 16, 1, 2};
    }
}

std::int32_t signedOf(std::uint32_t bits, int count) {
    const auto shift = static_cast<unsigned>(32 - count);
    return static_cast<std::int32_t>(bits << shift) >> shift;
}

// One sample of a group whose bytes are read as one number, the first byte lowest.
std::int32_t decoded(SampleCoding coding, std::uint32_t group, std::uint64_t place) {
    const auto at = [&](unsigned shift, unsigned count) { return group >> shift & ((1U << count) - 1); };
    switch (coding) {
        case SampleCoding::Difference8:
            return signedOf(group, 8);
        case SampleCoding::Offset8:
            return static_cast<std::int32_t>(group) - 128;
        case SampleCoding::Offset16:
            return static_cast<std::int32_t>(group) - 32768;
        case SampleCoding::Int24:
            return signedOf(group, 24);
        case SampleCoding::Int32:
            return signedOf(group, 32);
        case SampleCoding::Int16BigEndian:
            return signedOf(at(0, 8) << 8 | at(8, 8), 16);
        case SampleCoding::Packed12:
            return signedOf(place == 0 ? at(0, 12) : at(12, 4) << 8 | at(16, 8), 12);
        case SampleCoding::Packed10:
            return signedOf(place == 0   ? at(1, 10)
                            : place == 1 ? at(17, 10)
                                         : at(27, 5) << 5 | at(11, 5),
                            10);
        case SampleCoding::Packed10Low:
            return signedOf(at(static_cast<unsigned>(place) * 10, 10), 10);
        default:
            return signedOf(group, 16);
    }
}

// Samples from the `first` one on, in the order of the file.
void decode(const Multiplexed& source, std::uint64_t first, std::span<std::int32_t> target) {
    const Coding coding = codingOf(source.coding);
    const std::uint64_t group = first / coding.samples;
    const std::uint64_t begin = group * coding.bytes, end = bytesFor(source.coding, first + target.size());
    std::vector<std::byte> bytes(end - begin);
    source.bytes->read(source.offset + begin, bytes);
    // The last group may be cut behind its last sample.
    bytes.resize((bytes.size() + coding.bytes - 1) / coding.bytes * coding.bytes);
    for (std::size_t i = 0; i < target.size(); ++i) {
        const std::uint64_t sample = first + i - group * coding.samples;
        const std::size_t at = sample / coding.samples * coding.bytes;
        std::uint32_t number = 0;
        for (std::size_t k = 0; k < coding.bytes; ++k)
            number |= std::to_integer<std::uint32_t>(bytes[at + k]) << (8 * k);
        target[i] = decoded(source.coding, number, sample % coding.samples);
    }
}

// Calls take(sample, stored number) for the samples [start, start + count) of a channel, chunk by chunk.
template <class Take>
void visit(const Multiplexed& source, std::size_t channel, std::uint64_t start, std::uint64_t count,
           Take take) {
    constexpr std::uint64_t chunk = 1 << 16;
    const std::uint64_t each = source.samples[channel], frame = source.frameSamples();
    const std::uint64_t before =
        std::accumulate(source.samples.begin(), source.samples.begin() + static_cast<std::ptrdiff_t>(channel),
                        std::uint64_t{0});
    const bool differences = source.coding == SampleCoding::Difference8;
    std::int64_t sum = differences ? source.initial[channel] : 0;
    // NOLINTNEXTLINE(clang-analyzer-core.DivideZero): what has this channel has a sample in a frame
    const std::uint64_t step = std::max<std::uint64_t>(1, chunk / frame);
    std::vector<std::int32_t> numbers;
    for (std::uint64_t f = differences ? 0 : start / each; f * each < start + count; f += step) {
        // A frame longer than a chunk is read but where this channel lies.
        const std::uint64_t frames = std::min(step, (start + count - 1) / each + 1 - f);
        const bool narrow = frames == 1;
        numbers.resize(narrow ? each : frames * frame);
        decode(source, f * frame + (narrow ? before : 0), numbers);
        for (std::uint64_t k = 0; k < frames * each; ++k) {
            const std::int32_t stored = numbers[narrow ? k : k / each * frame + before + k % each];
            const std::uint64_t sample = f * each + k;
            sum = differences ? sum + stored : stored;
            if (sample >= start && sample < start + count)
                take(sample - start, sum);
        }
    }
}

std::int64_t missingMark(const Multiplexed& source) {
    return source.markedMissing ? -(std::int64_t{1} << (codingOf(source.coding).bits - 1))
                                : std::numeric_limits<std::int64_t>::min();
}

}  // namespace

const char* typeName(SampleCoding coding) {
    return codingOf(coding).name;
}

std::uint64_t bytesFor(SampleCoding coding, std::uint64_t samples) {
    const Coding group = codingOf(coding);
    const std::uint64_t rest = samples % group.samples;
    const auto bits = static_cast<std::uint64_t>(group.bits);
    // A half pair of twelve bits takes two bytes; of ten bits, two bytes each.
    const std::uint64_t tail = group.bytes == 4 && group.samples == 3 ? rest * 2 : (rest * bits + 7) / 8;
    return samples / group.samples * group.bytes + tail;
}

std::uint64_t Multiplexed::frameSamples() const {
    return std::accumulate(samples.begin(), samples.end(), std::uint64_t{0});
}

void readChannel(const Multiplexed& source, std::size_t channel, std::uint64_t start,
                 std::span<float> target) {
    const std::int64_t missing = missingMark(source);
    visit(source, channel, start, target.size(), [&](std::uint64_t sample, std::int64_t stored) {
        target[sample] =
            stored == missing ? std::numeric_limits<float>::quiet_NaN() : static_cast<float>(stored);
    });
}

std::uint64_t countMissing(const Multiplexed& source, std::size_t channel) {
    if (!source.markedMissing)
        return 0;
    const std::int64_t missing = missingMark(source);
    std::uint64_t count = 0;
    visit(source, channel, 0, source.frames * source.samples[channel],
          [&](std::uint64_t, std::int64_t stored) { count += stored == missing ? 1 : 0; });
    return count;
}

}  // namespace denoscope
