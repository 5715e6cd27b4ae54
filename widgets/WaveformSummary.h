// SPDX-License-Identifier: GPL-3.0-or-later
// Minimum and maximum of any stretch of samples in logarithmic time: a pyramid of blocks over samples that
// are shared, not copied. Holds about 1/12 of their size. Exact: the answer is that of a plain loop over the
// samples. A long row may be summarised in another thread while one thread looks at what is done so far.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stop_token>
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

// Of the finite values of a stretch, in the units of the samples.
struct WaveformStatistics {
    std::int64_t count = 0;      // samples, finite or not
    std::int64_t notFinite = 0;  // of them
    double min = 0, max = 0;
    double mean = 0;
    double rms = 0;  // root of the mean square, of the values as they are
};

class WaveformSummary {
public:
    static constexpr std::int64_t baseBlock = 64;  // samples per block of the finest level
    static constexpr std::int64_t fanOut = 4;      // blocks per block of the next level
    enum class Build { Now, Later };

    // The row [first, first + length) of `samples`; clamped to what is there. Later: build() does the work.
    WaveformSummary(std::shared_ptr<const std::vector<float>> samples, std::int64_t first,
                    std::int64_t length, Build when = Build::Now);

    // Summarises what is not yet, until it is done or stopped; goes on where an earlier call was stopped.
    // From one thread at a time. `progress` is called now and then.
    void build(const std::stop_token& stop = {}, const std::function<void()>& progress = {});
    bool isReady() const { return readyBlocks() == m_blocks; }

    std::int64_t length() const { return static_cast<std::int64_t>(m_row.size()); }
    float sample(std::int64_t index) const { return m_row[static_cast<std::size_t>(index)]; }
    MinMax over(std::int64_t begin, std::int64_t end) const;  // of samples [begin, end), clamped
    MinMax all() const { return over(0, length()); }          // while building: of the part that is ready
    std::optional<WaveformStatistics> statistics(std::int64_t begin,
                                                 std::int64_t end) const;  // none while building

private:
    struct Sums {
        double sum = 0, squares = 0;
        std::int64_t finite = 0;

        void add(std::span<const float> values);
    };
    static constexpr std::int64_t sumsBlock = 4096;  // samples per entry of m_sums

    std::int64_t readyBlocks() const { return m_readyBlocks.load(std::memory_order_acquire); }
    std::span<const float> part(std::int64_t begin, std::int64_t end) const;
    void addBase(std::int64_t block);
    void addBlocks(MinMax& result, std::size_t level, std::int64_t begin, std::int64_t end,
                   std::int64_t ready) const;

    std::shared_ptr<const std::vector<float>> m_samples;
    std::span<const float> m_row;
    std::int64_t m_blocks = 0;  // whole blocks of the finest level
    std::vector<std::vector<MinMax>> m_levels;
    std::vector<Sums> m_sums;
    std::atomic<std::int64_t> m_readyBlocks = 0;  // written by build() after the blocks themselves
};

}  // namespace denoscope
