// SPDX-License-Identifier: GPL-3.0-or-later
#include "widgets/WaveformSummary.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

void MinMax::add(float value) {
    if (!std::isfinite(value)) {
        notFinite = true;
        return;
    }
    min = empty ? value : std::min(min, value);
    max = empty ? value : std::max(max, value);
    empty = false;
}

void MinMax::add(const MinMax& other) {
    notFinite = notFinite || other.notFinite;
    if (other.empty)
        return;
    min = empty ? other.min : std::min(min, other.min);
    max = empty ? other.max : std::max(max, other.max);
    empty = false;
}

void WaveformSummary::Sums::add(std::span<const float> values) {
    for (const float value : values)
        if (std::isfinite(value)) {
            sum += static_cast<double>(value);
            squares += static_cast<double>(value) * static_cast<double>(value);
            ++finite;
        }
}

WaveformSummary::WaveformSummary(std::shared_ptr<const std::vector<float>> samples, std::int64_t first,
                                 std::int64_t length, Build when)
    : m_samples(std::move(samples)) {
    const auto available = m_samples ? static_cast<std::int64_t>(m_samples->size()) : 0;
    first = std::clamp<std::int64_t>(first, 0, available);
    length = std::clamp<std::int64_t>(length, 0, available - first);
    if (length == 0)
        return;
    m_row = {m_samples->data() + first, static_cast<std::size_t>(length)};
    m_blocks = length / baseBlock;
    for (std::int64_t blocks = m_blocks; blocks > 0; blocks /= fanOut)
        m_levels.emplace_back(static_cast<std::size_t>(blocks));
    m_sums.resize(static_cast<std::size_t>(length / sumsBlock));
    if (when == Build::Now)
        build();
}

std::span<const float> WaveformSummary::part(std::int64_t begin, std::int64_t end) const {
    return m_row.subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(end - begin));
}

// One block of the finest level and every coarser block that it completes.
void WaveformSummary::addBase(std::int64_t block) {
    MinMax& base = m_levels[0][static_cast<std::size_t>(block)];
    for (const float value : part(block * baseBlock, (block + 1) * baseBlock))
        base.add(value);
    std::int64_t done = block + 1;
    for (std::size_t level = 1; level < m_levels.size() && done % fanOut == 0; ++level) {
        done /= fanOut;
        MinMax& coarse = m_levels[level][static_cast<std::size_t>(done - 1)];
        for (std::int64_t child = (done - 1) * fanOut; child < done * fanOut; ++child)
            coarse.add(m_levels[level - 1][static_cast<std::size_t>(child)]);
    }
}

void WaveformSummary::build(const std::stop_token& stop, const std::function<void()>& progress) {
    constexpr std::int64_t atOnce = 1 << 15;  // blocks between two looks at the token, about 10 ms
    while (!isReady() && !stop.stop_requested()) {
        const std::int64_t first = readyBlocks();
        const std::int64_t last = std::min(first + atOnce, m_blocks);
        constexpr std::int64_t perSum = sumsBlock / baseBlock;
        for (std::int64_t block = first; block < last; ++block) {
            addBase(block);
            if (const std::int64_t sum = block / perSum; (block + 1) % perSum == 0)
                m_sums[static_cast<std::size_t>(sum)].add(part(sum * sumsBlock, (sum + 1) * sumsBlock));
        }
        m_readyBlocks.store(last, std::memory_order_release);
        if (progress)
            progress();
    }
}

MinMax WaveformSummary::over(std::int64_t begin, std::int64_t end) const {
    MinMax result;
    begin = std::clamp<std::int64_t>(begin, 0, length());
    end = std::clamp<std::int64_t>(end, begin, length());
    const std::int64_t ready = readyBlocks();
    const std::int64_t firstBlock = (begin + baseBlock - 1) / baseBlock;
    const std::int64_t lastBlock = std::min(end / baseBlock, ready);
    if (firstBlock >= lastBlock) {
        if (end - begin > 4 * baseBlock)  // only where nothing is summarised yet
            return result;
        for (const float value : part(begin, end))
            result.add(value);
        return result;
    }
    for (const float value : part(begin, firstBlock * baseBlock))
        result.add(value);
    addBlocks(result, 0, firstBlock, lastBlock, ready);
    const std::int64_t tail = std::min(end, (lastBlock + 1) * baseBlock);  // the rest is not ready yet
    for (const float value : part(lastBlock * baseBlock, tail))
        result.add(value);
    return result;
}

// Takes the ends that are no whole block of the next level from this one, and the rest from above. `ready`:
// blocks of this level.
void WaveformSummary::addBlocks(MinMax& result, std::size_t level, std::int64_t begin, std::int64_t end,
                                std::int64_t ready) const {
    const auto& blocks = m_levels[level];
    const std::int64_t above = level + 1 < m_levels.size() ? ready / fanOut : 0;
    const std::int64_t firstAbove = (begin + fanOut - 1) / fanOut;
    const std::int64_t lastAbove = std::min(end / fanOut, above);
    const bool climb = firstAbove < lastAbove;
    const std::int64_t headEnd = climb ? firstAbove * fanOut : end;
    for (std::int64_t block = begin; block < headEnd; ++block)
        result.add(blocks[static_cast<std::size_t>(block)]);
    if (!climb)
        return;
    addBlocks(result, level + 1, firstAbove, lastAbove, above);
    for (std::int64_t block = lastAbove * fanOut; block < end; ++block)
        result.add(blocks[static_cast<std::size_t>(block)]);
}

std::optional<WaveformStatistics> WaveformSummary::statistics(std::int64_t begin, std::int64_t end) const {
    if (!isReady())
        return std::nullopt;
    begin = std::clamp<std::int64_t>(begin, 0, length());
    end = std::clamp<std::int64_t>(end, begin, length());
    Sums sums;
    const std::int64_t first = (begin + sumsBlock - 1) / sumsBlock;
    const std::int64_t last = end / sumsBlock;
    if (first >= last) {
        sums.add(part(begin, end));
    } else {
        sums.add(part(begin, first * sumsBlock));
        for (std::int64_t i = first; i < last; ++i) {
            const Sums& block = m_sums[static_cast<std::size_t>(i)];
            sums.sum += block.sum;
            sums.squares += block.squares;
            sums.finite += block.finite;
        }
        sums.add(part(last * sumsBlock, end));
    }
    const MinMax extremes = over(begin, end);
    WaveformStatistics result;
    result.count = end - begin;
    result.notFinite = result.count - sums.finite;
    if (sums.finite > 0) {
        result.min = static_cast<double>(extremes.min);
        result.max = static_cast<double>(extremes.max);
        result.mean = sums.sum / static_cast<double>(sums.finite);
        result.rms = std::sqrt(sums.squares / static_cast<double>(sums.finite));
    }
    return result;
}

}  // namespace denoscope
