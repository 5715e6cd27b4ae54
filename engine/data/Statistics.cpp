// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Statistics.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <span>

#include "engine/core/Random.h"
#include "engine/data/Pieces.h"

namespace denoscope {
namespace {

bool isFinite(float value) {
    return std::isfinite(value);
}

// Of finite values; the others are counted. Sums are taken about the first value: the squares of large, close
// values (air at -1000 HU) would cancel badly.
class Accumulator {
public:
    explicit Accumulator(std::int64_t expected)
        : m_stride(static_cast<std::size_t>(expected / 1'000'000) | 1) {}

    void add(std::span<const float> values) {
        constexpr std::size_t atOnce = 65536;
        for (; !values.empty(); values = values.subspan(std::min(atOnce, values.size())))
            addSome(values.first(std::min(atOnce, values.size())));
    }

    void writeTo(DataFacts& facts) {
        facts.notFinite = m_notFinite;
        if (m_notFinite > 0)
            facts.notes.emplace_back(m_count == 0
                                         ? "Every value looked at is NaN or infinite; training takes no item "
                                           "that holds such values."
                                         : "Some values are NaN or infinite: the statistics are of the "
                                           "others, and training takes no item that holds such values.");
        if (m_count == 0) {
            facts.mean = m_notFinite > 0 ? std::numeric_limits<double>::quiet_NaN() : 0;
            return;
        }
        const auto count = static_cast<double>(m_count);
        facts.min = m_min;
        facts.max = m_max;
        facts.mean = m_shift + m_sum / count;
        facts.standardDeviation =
            std::sqrt(std::max(0.0, m_squares / count - (m_sum / count) * (m_sum / count)));
        facts.percentile005 = percentile(0.005);
        facts.percentile995 = percentile(0.995);
    }

private:
    void addSome(std::span<const float> values) {
        if (std::ranges::all_of(values, isFinite))
            return addFinite(values);
        std::vector<float> finite;
        std::ranges::copy_if(values, std::back_inserter(finite), isFinite);
        m_notFinite += std::ssize(values) - std::ssize(finite);
        addFinite(finite);
    }

    void addFinite(std::span<const float> values) {
        if (m_count == 0 && !values.empty())
            m_shift = values.front();
        double sum = 0, squares = 0;
        for (const float value : values) {
            m_min = std::min(m_min, value);
            m_max = std::max(m_max, value);
            sum += value - m_shift;
            squares += (value - m_shift) * (value - m_shift);
        }
        m_sum += sum;
        m_squares += squares;
        for (; m_next < values.size(); m_next += m_stride)
            m_some.push_back(values[m_next]);
        m_next -= values.size();
        m_count += values.size();
    }

    double percentile(double share) {
        const std::ptrdiff_t place = std::lround(share * static_cast<double>(m_some.size() - 1));
        std::nth_element(m_some.begin(), m_some.begin() + place, m_some.end());
        return m_some[static_cast<std::size_t>(place)];
    }

    std::size_t m_stride, m_next = 0, m_count = 0;
    std::int64_t m_notFinite = 0;
    float m_min = std::numeric_limits<float>::max(), m_max = std::numeric_limits<float>::lowest();
    double m_shift = 0, m_sum = 0, m_squares = 0;
    std::vector<float> m_some;  // every m_stride-th value, for the percentiles
};

// A piece no larger than the smallest item. Of volumes a thin one: compressed files are read slice by slice.
Shape pieceSize(const DataFacts& facts) {
    Shape size = smallestExtents(facts);
    for (std::int64_t& extent : size)
        extent = std::min<std::int64_t>(extent, facts.kind == DataKind::Signal ? 65536 : 128);
    if (facts.kind == DataKind::Volume)
        size.front() = std::min<std::int64_t>(size.front(), 8);
    return size;
}

Shape placeOf(const Dataset& dataset, std::int64_t index, const Shape& piece, std::int64_t look) {
    return dataset.place(index, piece, Fit::Exact, mix64(static_cast<std::uint64_t>(look))).start;
}

}  // namespace

std::vector<Unreadable> measure(const Dataset& dataset, DataFacts& facts, std::int64_t budget) {
    constexpr std::int64_t pieces = 64;
    const std::int64_t each = std::max<std::int64_t>(1, elementCount(facts.largestShape));
    const bool inPieces = each > budget && facts.kind != DataKind::Image;
    const std::int64_t looks = inPieces ? std::max(pieces, std::min(facts.count, 4 * pieces))
                                        : std::clamp<std::int64_t>(budget / each, 1, facts.count);
    const Shape piece = pieceSize(facts);
    Accumulator accumulator(looks * (inPieces ? elementCount(piece) : each));
    std::map<std::int64_t, Error> unreadable;
    for (std::int64_t look = 0; look < looks; ++look) {
        const std::int64_t index = looks < facts.count ? look * facts.count / looks : look % facts.count;
        try {
            const Item item = inPieces ? dataset.window(index, placeOf(dataset, index, piece, look), piece)
                                       : dataset.read(index);
            accumulator.add(item.array->values);
        } catch (const EngineError& error) {
            unreadable.emplace(index, error.error());
        }
    }
    accumulator.writeTo(facts);
    facts.statisticsSampled = inPieces || looks < facts.count;
    std::vector<Unreadable> result;
    for (const auto& [index, error] : unreadable)
        result.push_back({index, error});
    return result;
}

}  // namespace denoscope
