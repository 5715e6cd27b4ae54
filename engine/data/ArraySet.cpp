// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/ArraySet.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "engine/api/Error.h"
#include "engine/data/Pieces.h"
#include "engine/data/Statistics.h"
#include "engine/data/formats/ArrayLayout.h"
#include "engine/data/formats/Npy.h"

namespace denoscope {
namespace fs = std::filesystem;

namespace {

constexpr int mostLabels = 10'000;

class ArraySet : public Dataset {
public:
    ArraySet(const fs::path& path, std::string format, StoredArray array, std::uint64_t cacheBytes)
        : m_array(std::move(array)),
          m_layout(layoutOfSet(m_array.shape, m_array.type, path.string())),
          m_limit(cacheBytes) {
        m_facts.source = path.string();
        m_facts.format = std::move(format);
        m_facts.kind = m_layout.kind;
        m_facts.count = m_layout.count;
        m_facts.shape = m_facts.smallestShape = m_facts.largestShape = m_layout.item;
        m_facts.dtype = toText(m_array.type);
        m_facts.notes.push_back(m_layout.note);
    }

    // Labels 0 .. n - 1 under their numbers; refused with a note where they do not fit the items.
    void setLabels(const StoredArray& labels, const std::string& name) {
        const std::int64_t count = elementCount(labels.shape);
        if (count != size()) {
            m_facts.notes.push_back(
                fmt::format("{} has {} labels for {} items and is not used.", name, count, size()));
            return;
        }
        std::vector<float> values(static_cast<std::size_t>(count));
        readRun(labels.raw, 0, values);
        const auto bad = std::find_if(values.begin(), values.end(), [](float v) {
            return !(v >= 0 && v < mostLabels) || v != std::floor(v);
        });
        if (bad != values.end()) {
            m_facts.notes.push_back(
                fmt::format("{} holds {}, which is no class number, and is not used.", name, *bad));
            return;
        }
        m_labels.assign(values.begin(), values.end());
        for (int label = 0; label <= *std::max_element(m_labels.begin(), m_labels.end()); ++label)
            m_facts.labels.push_back(std::to_string(label));
    }

    void measureAll() {
        const std::vector<Unreadable> unreadable =
            measure(*this, m_facts,
                    std::min<std::int64_t>(usualBudget, static_cast<std::int64_t>(m_limit / sizeof(float))));
        if (!unreadable.empty())
            throw EngineError(unreadable.front().error);
    }

    Item read(std::int64_t index) const override {
        const auto bytes = static_cast<std::uint64_t>(elementCount(m_facts.shape)) * sizeof(float);
        if (bytes > m_limit)
            throw EngineError(
                fmt::format("one item needs {} MiB; {} MiB are allowed", bytes >> 20, m_limit >> 20),
                nameOf(index), "raise data.cache_mib");
        return window(index, Shape(m_facts.shape.size() - 1, 0), spatialExtents(m_facts.shape));
    }

protected:
    Item window(std::int64_t index, const Shape& start, const Shape& size) const override {
        const auto first =
            static_cast<std::uint64_t>(index) * static_cast<std::uint64_t>(elementCount(m_facts.shape));
        Array piece = readPiece(m_array.raw, first, m_layout.item, m_layout.channelsLast, start, size);
        requireFinite(piece, nameOf(index));
        const int label = m_labels.empty() ? -1 : m_labels.at(static_cast<std::size_t>(index));
        return {std::make_shared<const Array>(std::move(piece)), label, fmt::format("item {}", index),
                movedBy(m_facts.geometry, start)};
    }

private:
    std::string nameOf(std::int64_t index) const { return fmt::format("{}, item {}", m_facts.source, index); }

    StoredArray m_array;
    ArrayLayout m_layout;
    std::uint64_t m_limit;
    std::vector<int> m_labels;
};

std::string replaced(std::string text, const std::string& from, const std::string& to) {
    const std::size_t at = text.rfind(from);
    return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

// The labels of t10k-images-idx3-ubyte.gz lie in t10k-labels-idx1-ubyte.gz, or in the same without .gz.
fs::path labelsBeside(const fs::path& images) {
    const std::string name = images.filename().string();
    const std::string labels = replaced(replaced(name, "images", "labels"), "idx3", "idx1");
    for (const std::string& candidate : {labels, replaced(labels, ".gz", ""), labels + ".gz"})
        if (candidate != name && fs::is_regular_file(images.parent_path() / candidate))
            return images.parent_path() / candidate;
    return {};
}

}  // namespace

std::shared_ptr<const Dataset> openNpySet(const fs::path& path, std::uint64_t cacheBytes) {
    const auto set = std::make_shared<ArraySet>(path, "NPY array", openNpy(path, cacheBytes), cacheBytes);
    const fs::path labels = path.parent_path() / (path.stem().string() + "_labels.npy");
    if (fs::is_regular_file(labels))
        set->setLabels(openNpy(labels, cacheBytes), labels.filename().string());
    set->measureAll();
    return set;
}

std::shared_ptr<const Dataset> openIdxSet(const fs::path& path, std::uint64_t cacheBytes) {
    StoredArray array = openIdx(path, cacheBytes);
    if (array.shape.size() < 2)
        throw EngineError("holds labels, not images", path.string(), "open the images beside it");
    if (array.shape.size() == 3)  // always (items, height, width)
        array.shape.insert(array.shape.begin() + 1, 1);
    const auto set = std::make_shared<ArraySet>(path, "IDX images", std::move(array), cacheBytes);
    const fs::path labels = labelsBeside(path);
    if (!labels.empty())
        set->setLabels(openIdx(labels, cacheBytes), labels.filename().string());
    set->measureAll();
    return set;
}

}  // namespace denoscope
