// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/SliceSample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <thread>

namespace denoscope {

namespace {

using Stride = std::ptrdiff_t;

struct Line {  // the pixels of a row, in voxel coordinates
    Point start, step;
};

struct Box {  // one channel
    const float* values;
    Voxel shape;
    std::array<Stride, 3> strides;
};

// The columns that lie within half a voxel of the box.
std::pair<int, int> insideColumns(const Line& line, const Voxel& shape, int columns) {
    double first = 0, last = columns - 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        const double low = -0.5 - line.start[axis];
        const double high = shape[axis] - 0.5 - line.start[axis];
        const double step = line.step[axis];
        if (std::abs(step) < 1e-12) {
            if (low > 0 || high < 0)
                return {0, 0};
            continue;
        }
        first = std::max(first, std::min(low / step, high / step));
        last = std::min(last, std::max(low / step, high / step));
    }
    const int from = static_cast<int>(std::ceil(first)), to = static_cast<int>(std::floor(last)) + 1;
    return from < to ? std::pair{from, to} : std::pair{0, 0};
}

struct Adjacent {
    const float* start;
    float operator()(int column) const { return start[column]; }
};

struct Strided {
    const float* start;
    Stride step;
    float operator()(int column) const { return start[column * step]; }
};

struct Closest {
    const Box& box;
    const Line& line;
    float operator()(int column) const {
        Stride offset = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const int index = static_cast<int>(std::floor(line.start[axis] + column * line.step[axis] + 0.5));
            offset += std::clamp(index, 0, box.shape[axis] - 1) * box.strides[axis];
        }
        return box.values[offset];
    }
};

struct Trilinear {
    const Box& box;
    const Line& line;
    float operator()(int column) const {
        std::array<Stride, 3> next{};
        std::array<float, 3> share{};
        Stride offset = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double last = box.shape[axis] - 1;
            const double place = std::clamp(line.start[axis] + column * line.step[axis], 0.0, last);
            const int below = static_cast<int>(place);
            share[axis] = static_cast<float>(place - below);
            next[axis] = share[axis] > 0 ? box.strides[axis] : 0;  // never beyond the last voxel
            offset += below * box.strides[axis];
        }
        const float* v = box.values + offset;
        const auto mix = [](float a, float b, float t) { return a + (b - a) * t; };
        const auto alongI = [&](Stride at) { return mix(v[at], v[at + next[0]], share[0]); };
        const auto alongJ = [&](Stride at) { return mix(alongI(at), alongI(at + next[1]), share[1]); };
        return mix(alongJ(0), alongJ(next[2]), share[2]);
    }
};

template <typename Fetch>
void gather(const Fetch& fetch, Projection projection, int columns, float* row, int* counts) {
    switch (projection) {
        case Projection::None:
            for (int c = 0; c < columns; ++c)
                row[c] = fetch(c);
            break;
        case Projection::Maximum:
            for (int c = 0; c < columns; ++c)
                row[c] = std::max(row[c], fetch(c));  // what is not a number never wins
            break;
        case Projection::Minimum:
            for (int c = 0; c < columns; ++c)
                row[c] = std::min(row[c], fetch(c));
            break;
        case Projection::Mean:
            for (int c = 0; c < columns; ++c) {
                row[c] += fetch(c);
                ++counts[c];
            }
            break;
    }
}

bool isWhole(double value) {
    return value == std::floor(value) && std::abs(value) < 1e9;
}

// `columns` pixels of a line that lies within the box.
void gatherLine(const Box& box, const Line& line, Projection projection, Sampling sampling, int columns,
                float* row, int* counts) {
    const bool onVoxels = std::all_of(line.start.begin(), line.start.end(), isWhole) &&
                          std::all_of(line.step.begin(), line.step.end(), isWhole);
    if (!onVoxels) {
        if (sampling == Sampling::Linear)
            return gather(Trilinear{box, line}, projection, columns, row, counts);
        return gather(Closest{box, line}, projection, columns, row, counts);
    }
    Stride start = 0, step = 0;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        start += static_cast<Stride>(line.start[axis]) * box.strides[axis];
        step += static_cast<Stride>(line.step[axis]) * box.strides[axis];
    }
    if (step == 1)
        gather(Adjacent{box.values + start}, projection, columns, row, counts);
    else
        gather(Strided{box.values + start, step}, projection, columns, row, counts);
}

float startOf(Projection projection) {
    constexpr float infinity = std::numeric_limits<float>::infinity();
    return projection == Projection::Maximum ? -infinity : projection == Projection::Minimum ? infinity : 0.F;
}

// Of one value, in reads of a value beside the one before.
double readCost(const SliceGrid& grid) {
    constexpr double farAway = 8, mixedOfEight = 16;
    if (!std::all_of(grid.right.begin(), grid.right.end(), isWhole))
        return mixedOfEight;
    return grid.right[0] != 0 ? 1 : farAway;
}

template <typename Work>
void shareRows(int rows, double cost, const Work& work) {
    constexpr double worthAThread = 1 << 19;  // about a millisecond
    const double most = std::clamp(std::thread::hardware_concurrency() * 1.0, 1.0, 16.0);
    const int threads = static_cast<int>(std::clamp(cost / worthAThread, 1.0, most));
    std::vector<std::jthread> helpers;
    for (int t = 1; t < threads; ++t)
        helpers.emplace_back(
            [&work, begin = rows * t / threads, end = rows * (t + 1) / threads] { work(begin, end); });
    work(0, rows / threads);
}

// One row of a slice, layer by layer. `counts`: for a mean, how many layers each pixel was in.
class RowSampler {
public:
    RowSampler(SliceValues& result, const Volume& volume, const SliceGrid& grid, double slice,
               const Slab& slab, Sampling sampling)
        : m_result(result),
          m_volume(volume),
          m_grid(grid),
          m_projection(slab.projection),
          m_sampling(sampling) {
        if (m_projection != Projection::None)
            m_layers =
                static_cast<int>(std::lround(std::clamp(slab.thickness / grid.sliceSpacing, 1.0, 1e5)));
        const int before = m_layers / 2;  // whole steps: layers of voxels stay layers of voxels
        m_firstLayer = slice - before;
    }

    int layers() const { return m_layers; }

    void sample(int row, int channel, std::vector<int>& counts) {
        const Stride plane = static_cast<Stride>(m_volume.width) * m_volume.height;
        const Box box{m_volume.shown().data() + static_cast<std::size_t>(channel) * m_volume.voxels(),
                      {m_volume.width, m_volume.height, m_volume.depth},
                      {1, m_volume.width, plane}};
        const auto columns = static_cast<std::size_t>(m_grid.columns);
        float* values = m_result.values.data() + m_result.offset(row, channel);
        if (m_projection != Projection::None)
            std::fill_n(values, columns, startOf(m_projection));
        if (m_projection == Projection::Mean)
            counts.assign(columns, 0);
        auto& inside = m_result.inside[static_cast<std::size_t>(row)];
        for (int layer = 0; layer < m_layers; ++layer) {
            Line line{m_grid.voxelAt(0, row, m_firstLayer + layer), m_grid.right};
            const auto [first, last] = insideColumns(line, box.shape, m_grid.columns);
            if (first == last)
                continue;
            line.start = along(line.start, first, line.step);
            gatherLine(box, line, m_projection, m_sampling, last - first, values + first,
                       counts.data() + (counts.empty() ? 0 : first));
            const bool isFirst = inside.first == inside.second;
            inside = {isFirst ? first : std::min(inside.first, first), std::max(inside.second, last)};
        }
        if (m_projection == Projection::Mean)
            for (std::size_t c = 0; c < columns; ++c)
                values[c] /= static_cast<float>(std::max(1, counts[c]));
    }

private:
    SliceValues& m_result;
    const Volume& m_volume;
    const SliceGrid& m_grid;
    Projection m_projection;
    Sampling m_sampling;
    int m_layers = 1;
    double m_firstLayer = 0;
};

}  // namespace

void sampleSlice(SliceValues& result, const Volume& volume, const SliceGrid& grid, double slice,
                 const Slab& slab, Sampling sampling) {
    result.columns = grid.columns;
    result.rows = grid.rows;
    result.channels = volume.isColored() ? 3 : 1;
    result.inside.assign(static_cast<std::size_t>(grid.rows), {0, 0});
    result.values.resize(result.offset(0, result.channels));
    RowSampler sampler(result, volume, grid, slice, slab, sampling);
    const double reads = static_cast<double>(result.values.size()) * sampler.layers();
    shareRows(grid.rows, reads * readCost(grid), [&](int begin, int end) {
        std::vector<int> counts;
        for (int row = begin; row < end; ++row)
            for (int channel = 0; channel < result.channels; ++channel)
                sampler.sample(row, channel, counts);
    });
}

}  // namespace denoscope
