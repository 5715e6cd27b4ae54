// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/Dimension.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>

#include "engine/api/OwnSize.h"

namespace denoscope {
namespace {

constexpr std::int64_t fewSlices = 16;
constexpr double muchFlatter = 4;  // distance of slices over that of pixels
constexpr std::int64_t memoryFor3d = std::int64_t{4} << 30;

bool isSpectrogram(const DataFacts& facts) {
    std::string name = facts.source.substr(facts.source.find_last_of('/') + 1) + ' ' + facts.details.part;
    std::ranges::transform(name, name.begin(), [](unsigned char c) { return std::tolower(c); });
    constexpr std::array<std::string_view, 6> words{"spectro", "specgram", "mel", "stft", "mfcc", "cqt"};
    return std::ranges::any_of(words,
                               [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

DimensionAdvice adviseSignal(const DataFacts& facts) {
    if (isSpectrogram(facts) && facts.channels() >= 16)
        return {
            {1, TakeAs::Own,
             fmt::format("These are stored as signals, but {} channels look like the frequencies of a "
                         "spectrogram, whose neighbours belong together: store them as (items, frequencies, "
                         "frames) to learn them in 2D.",
                         facts.channels())},
            {}};
    return {{1, TakeAs::Own, "A raw recording has one axis, time."}, {}};
}

DimensionAdvice adviseImage(const DataFacts& facts, TakeAs as) {
    if (as == TakeAs::Slices)
        return {
            {2, TakeAs::Slices, "Whole slices are learned one by one; how they follow each other is not."},
            {{3, TakeAs::Own, "Pieces of the volume, with what lies above and below."}}};
    if (isSpectrogram(facts))
        return {
            {2, TakeAs::Own,
             "A spectrogram has a frequency axis besides time, and neighbours along both belong together."},
            {}};
    return {{2, TakeAs::Own, "Pictures have two axes."}, {}};
}

// The distance of the planes over that of the voxels in them.
struct Flatness {
    double ratio = 1, apart = 1, within = 1;  // the two distances in mm
};

Flatness flatnessOf(const DataFacts& facts) {
    const auto [within, apart] = std::ranges::minmax(facts.geometry.spacing);
    return within > 0 ? Flatness{apart / within, apart, within} : Flatness{};
}

DimensionAdvice adviseVolume(const DataFacts& facts, std::int64_t memoryBytes) {
    const DimensionAdvice::Way patches{3, TakeAs::Own,
                                       "Scans are volumes: 3D pieces keep what lies above and below."};
    DimensionAdvice::Way slices{2, TakeAs::Slices, "Whole slices, one by one, with a smaller network."};
    const Flatness flat = flatnessOf(facts);
    const std::int64_t fewest = std::ranges::min(smallestExtents(facts));
    if (fewest < fewSlices)
        slices.reason = fmt::format("Only {} slices: too few to learn how they follow each other.", fewest);
    else if (flat.ratio >= muchFlatter)
        slices.reason = fmt::format(
            "Slices lie {:.3g} mm apart and pixels {:.3g} mm: neighbouring slices have little in common.",
            flat.apart, flat.within);
    else if (memoryBytes > 0 && memoryBytes < memoryFor3d)
        slices.reason =
            fmt::format("3D networks need more than the {:.2g} GB of memory that this machine has.",
                        static_cast<double>(memoryBytes) / (1 << 30));
    else
        return {patches, {slices}};
    return {slices, {patches}};
}

}  // namespace

DimensionAdvice adviseDimension(const DataFacts& facts, TakeAs as, std::int64_t memoryBytes) {
    switch (facts.kind) {
        case DataKind::Signal:
            return adviseSignal(facts);
        case DataKind::Image:
            return adviseImage(facts, as);
        case DataKind::Volume:
            break;
    }
    return adviseVolume(facts, memoryBytes);
}

}  // namespace denoscope
