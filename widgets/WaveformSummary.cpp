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

WaveformSummary::WaveformSummary(std::shared_ptr<const std::vector<float>> samples, std::int64_t first,
                                 std::int64_t length)
    : m_samples(std::move(samples)) {
    const auto available = m_samples ? static_cast<std::int64_t>(m_samples->size()) : 0;
    first = std::clamp<std::int64_t>(first, 0, available);
    length = std::clamp<std::int64_t>(length, 0, available - first);
    if (length == 0)
        return;
    m_row = {m_samples->data() + first, static_cast<std::size_t>(length)};

    std::vector<MinMax> level(static_cast<std::size_t>(length / baseBlock));  // whole blocks only
    for (std::size_t block = 0; block < level.size(); ++block)
        for (const float value : m_row.subspan(block * baseBlock, baseBlock))
            level[block].add(value);
    while (!level.empty()) {
        std::vector<MinMax> coarser(level.size() / fanOut);
        for (std::size_t block = 0; block < coarser.size() * fanOut; ++block)
            coarser[block / fanOut].add(level[block]);
        m_levels.push_back(std::move(level));
        level = std::move(coarser);
    }
}

MinMax WaveformSummary::over(std::int64_t begin, std::int64_t end) const {
    MinMax result;
    begin = std::clamp<std::int64_t>(begin, 0, length());
    end = std::clamp<std::int64_t>(end, begin, length());
    const std::int64_t blocks = m_levels.empty() ? 0 : static_cast<std::int64_t>(m_levels.front().size());
    const std::int64_t firstBlock = (begin + baseBlock - 1) / baseBlock;
    const std::int64_t lastBlock = std::min(end / baseBlock, blocks);
    if (firstBlock >= lastBlock) {
        for (std::int64_t i = begin; i < end; ++i)
            result.add(sample(i));
        return result;
    }
    for (std::int64_t i = begin; i < firstBlock * baseBlock; ++i)
        result.add(sample(i));
    addBlocks(result, 0, firstBlock, lastBlock);
    for (std::int64_t i = lastBlock * baseBlock; i < end; ++i)
        result.add(sample(i));
    return result;
}

// Takes the ends that are no whole block of the next level from this one, and the rest from above.
void WaveformSummary::addBlocks(MinMax& result, std::size_t level, std::int64_t begin,
                                std::int64_t end) const {
    const auto& blocks = m_levels[level];
    const std::int64_t above =
        level + 1 < m_levels.size() ? static_cast<std::int64_t>(m_levels[level + 1].size()) : 0;
    const std::int64_t firstAbove = (begin + fanOut - 1) / fanOut;
    const std::int64_t lastAbove = std::min(end / fanOut, above);
    const bool climb = firstAbove < lastAbove;
    const std::int64_t headEnd = climb ? firstAbove * fanOut : end;
    for (std::int64_t block = begin; block < headEnd; ++block)
        result.add(blocks[static_cast<std::size_t>(block)]);
    if (!climb)
        return;
    addBlocks(result, level + 1, firstAbove, lastAbove);
    for (std::int64_t block = lastAbove * fanOut; block < end; ++block)
        result.add(blocks[static_cast<std::size_t>(block)]);
}

}  // namespace denoscope
