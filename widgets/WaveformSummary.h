// SPDX-License-Identifier: GPL-3.0-or-later
// Minimum and maximum of any stretch of samples in logarithmic time: a pyramid of blocks over samples that
// are shared, not copied. Holds about 1/12 of their size. Exact: the answer is that of a plain loop over the
// samples.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

namespace denoscope {

struct MinMax {
    float min = 0;
    float max = 0;
    bool empty = true;       // no finite value in the stretch
    bool notFinite = false;  // NaN or infinities in the stretch; they are in neither min nor max

    void add(float value);
    void add(const MinMax& other);
    bool operator==(const MinMax&) const = default;
};

class WaveformSummary {
public:
    static constexpr std::int64_t baseBlock = 64;  // samples per block of the finest level
    static constexpr std::int64_t fanOut = 4;      // blocks per block of the next level

    // The row [first, first + length) of `samples`; clamped to what is there.
    WaveformSummary(std::shared_ptr<const std::vector<float>> samples, std::int64_t first,
                    std::int64_t length);

    std::int64_t length() const { return static_cast<std::int64_t>(m_row.size()); }
    float sample(std::int64_t index) const { return m_row[static_cast<std::size_t>(index)]; }
    MinMax over(std::int64_t begin, std::int64_t end) const;  // of samples [begin, end), clamped
    MinMax all() const { return over(0, length()); }

private:
    void addBlocks(MinMax& result, std::size_t level, std::int64_t begin, std::int64_t end) const;

    std::shared_ptr<const std::vector<float>> m_samples;
    std::span<const float> m_row;
    std::vector<std::vector<MinMax>> m_levels;
};

}  // namespace denoscope
