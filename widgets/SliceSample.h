// SPDX-License-Identifier: GPL-3.0-or-later
// The values of a volume on the pixels of a slice: taken where pixels are voxels, interpolated elsewhere,
// projected over a slab on request. Made once for every position; windows and colours are applied to the
// result.
#pragma once

#include <utility>
#include <vector>

#include "widgets/SliceGrid.h"

namespace denoscope {

enum class Projection { None, Maximum, Minimum, Mean };

struct Slab {
    Projection projection = Projection::None;
    double thickness = 0;  // mm about the slice, to the nearest whole number of slices; at least one

    bool operator==(const Slab&) const = default;
};

struct SliceValues {
    int columns = 0, rows = 0, channels = 0;
    std::vector<float> values;  // (channel, row, column); meaningless outside of the volume
    std::vector<std::pair<int, int>>
        inside;  // of every row, the columns from first to second - 1 in the volume

    std::size_t offset(int row, int channel) const {
        return (static_cast<std::size_t>(channel) * static_cast<std::size_t>(rows) +
                static_cast<std::size_t>(row)) *
               static_cast<std::size_t>(columns);
    }
    const float* row(int index, int channel = 0) const { return values.data() + offset(index, channel); }
};

enum class Sampling { Nearest, Linear };  // where pixels are not voxels

// Into `result`, whose memory is used again. All channels that are shown. Large
// slabs are shared out among the processor's cores.
void sampleSlice(SliceValues& result, const Volume& volume, const SliceGrid& grid, double slice,
                 const Slab& slab = {}, Sampling sampling = Sampling::Linear);

}  // namespace denoscope
