// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/ArraySet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/Statistics.h"
#include "engine/data/formats/FileText.h"

namespace denoscope {
namespace {

constexpr int mostLabels = 10'000;

// Numbers by size, other names by their letters.
std::vector<std::string> classesOf(const std::vector<std::string>& names) {
    std::map<std::pair<double, std::string>, int> distinct;
    for (const std::string& name : names)
        distinct[{parseNumber(name).value_or(0), name}] = 1;
    std::vector<std::string> classes;
    for (const auto& entry : distinct)
        classes.push_back(entry.first.second);
    return classes;
}

}  // namespace

ArraySet::ArraySet(ArraySource source, const OpenRequest& request)
    : m_array(std::move(source.array)),
      m_layout(std::move(source.layout)),
      m_limit(request.limit()),
      m_purpose(request.purpose) {
    m_facts.source = std::move(source.path);
    m_facts.format = std::move(source.format);
    m_facts.kind = m_layout.kind;
    m_facts.count = m_layout.count;
    m_facts.shape = m_facts.smallestShape = m_facts.largestShape = m_layout.item;
    m_facts.dtype = source.dtype.empty() ? toText(m_array.type) : std::move(source.dtype);
    m_facts.geometry = source.geometry;
    m_facts.details = std::move(source.details);
    m_facts.notes = std::move(source.notes);
    m_facts.notes.insert(m_facts.notes.end(), m_array.notes.begin(), m_array.notes.end());
    if (!m_array.damage.empty())
        m_facts.notes.push_back(damageNote(m_array.damage));
}

void ArraySet::setLabels(const StoredArray& labels, const std::string& name) {
    const std::int64_t count = elementCount(labels.shape);
    if (count != size()) {
        m_facts.notes.push_back(
            fmt::format("{} has {} labels for {} items and is not used.", name, count, size()));
        return;
    }
    std::vector<float> values(static_cast<std::size_t>(count));
    readRun(labels.raw, 0, values);
    const auto bad = std::find_if(values.begin(), values.end(),
                                  [](float v) { return !(v >= 0 && v < mostLabels) || v != std::floor(v); });
    if (bad != values.end()) {
        m_facts.notes.push_back(
            fmt::format("{} holds {}, which is no class number, and is not used.", name, *bad));
        return;
    }
    m_labels.assign(values.begin(), values.end());
    for (int label = 0; label <= *std::max_element(m_labels.begin(), m_labels.end()); ++label)
        m_facts.labels.push_back(std::to_string(label));
}

void ArraySet::setLabels(const std::vector<std::string>& names) {
    m_facts.labels = classesOf(names);
    if (m_facts.labels.size() > static_cast<std::size_t>(mostLabels)) {
        m_facts.notes.push_back(
            fmt::format("There are {} different labels, too many for classes.", m_facts.labels.size()));
        m_facts.labels.clear();
        return;
    }
    std::map<std::string, int> places;
    for (const std::string& label : m_facts.labels)
        places[label] = static_cast<int>(places.size());
    for (const std::string& name : names)
        m_labels.push_back(places.at(name));
}

void ArraySet::measureAll() {
    const std::vector<Unreadable> unreadable =
        measure(*this, m_facts,
                std::min<std::int64_t>(usualBudget, static_cast<std::int64_t>(m_limit / sizeof(float))));
    if (!unreadable.empty())
        throw EngineError(unreadable.front().error);
}

Item ArraySet::read(std::int64_t index) const {
    const auto bytes = static_cast<std::uint64_t>(elementCount(m_facts.shape)) * sizeof(float);
    if (bytes > m_limit)
        throw EngineError(
            fmt::format("one item needs {} MiB; {} MiB are allowed", bytes >> 20, m_limit >> 20),
            nameOf(index), "raise data.cache_mib");
    return window(index, Shape(m_facts.shape.size() - 1, 0), spatialExtents(m_facts.shape));
}

Item ArraySet::window(std::int64_t index, const Shape& start, const Shape& size) const {
    const auto first =
        static_cast<std::uint64_t>(index) * static_cast<std::uint64_t>(elementCount(m_facts.shape));
    Array piece = readPiece(m_array.raw, first, m_layout.item, m_layout.channelsLast, start, size);
    if (m_purpose == Purpose::Training)
        requireFinite(piece, nameOf(index));
    const std::string name = m_facts.count == 1 ? std::filesystem::path(m_facts.source).filename().string()
                                                : fmt::format("item {}", index);
    return {std::make_shared<const Array>(std::move(piece)), labelOf(index), name,
            movedBy(m_facts.geometry, start)};
}

std::string ArraySet::nameOf(std::int64_t index) const {
    return fmt::format("{}, item {}", m_facts.source, index);
}

}  // namespace denoscope
