// SPDX-License-Identifier: GPL-3.0-or-later
// Frames of one series that lie one above the other.
#pragma once

#include <string>
#include <vector>

#include "engine/data/formats/DicomImage.h"
#include "engine/data/formats/Format.h"

namespace denoscope {

struct DicomFrameRef {
    DicomImagePtr image;
    std::int64_t index = 0;

    const DicomFrame& frame() const { return image->frames[static_cast<std::size_t>(index)]; }
};

// Frames of one series, size, orientation and kind: what makes a volume, or pictures that do not.
struct DicomStack {
    std::vector<DicomFrameRef> frames;

    const DicomImage& first() const { return *frames.front().image; }
    bool isVolume() const;  // lies at two places at least
    std::int64_t pixels() const;
};

// By series number and identity, whatever the order of the files.
std::vector<DicomStack> stacksOf(const std::vector<DicomImagePtr>& images);

// The slices of every item of a stack that is a volume: one item, or one for each frame that lies at the same
// place (time points, echoes, directions of diffusion), by ascending position along the normal of the slices.
struct DicomVolume {
    ItemHeader header;
    std::vector<std::vector<DicomFrameRef>> items;
};
DicomVolume volumeOf(const DicomStack& stack);

// What a file says of its values; slope and intercept are those of its first frame.
void describeValues(const DicomImage& image, ItemHeader& header);

// The frames of one file as pictures.
ItemHeader picturesOf(const DicomImage& image);

}  // namespace denoscope
