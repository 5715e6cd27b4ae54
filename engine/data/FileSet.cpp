// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/FileSet.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "engine/api/Counted.h"
#include "engine/api/Error.h"
#include "engine/api/Orientation.h"
#include "engine/data/ItemCache.h"
#include "engine/data/Pieces.h"
#include "engine/data/Statistics.h"
#include "engine/data/formats/FirstFew.h"

namespace denoscope {
namespace {

struct Entry {
    LabelledFile file;
    ItemHeader header;
    std::int64_t inFile = 0;  // which of the file's items
};

struct LeftOut {
    std::string name;
    Error error;
};

struct Damaged {
    std::string name;
    Damage damage;
};

std::uint64_t decodedBytes(const Shape& shape) {
    return static_cast<std::uint64_t>(elementCount(withChannels(sizeof(float), shape)));
}

// A grey picture among coloured ones.
Array coloured(const Array& grey) {
    Array array{grey.shape, {}};
    array.shape.front() = 3;
    for (int channel = 0; channel < 3; ++channel)
        array.values.insert(array.values.end(), grey.values.begin(), grey.values.end());
    return array;
}

class FileSet : public Dataset {
public:
    FileSet(FileList list, std::unique_ptr<Format> format, const OpenRequest& request)
        : m_format(std::move(format)), m_purpose(request.purpose), m_cache(request.limit()) {
        m_facts.source = list.source;
        m_facts.format = m_format->name() + (list.folder ? " folder" : " file");
        m_facts.labels = std::move(list.labels);
        m_facts.notes = std::move(list.notes);
        inspect(list.files);
        describe();
        // Items larger than the cache can only be looked at in pieces.
        const auto most = static_cast<std::int64_t>(m_cache.limit() / sizeof(float));
        dropUnreadable(measure(*this, m_facts, std::min(usualBudget, most)));
        noteLeftOut(list.files.size());
        noteDamage(list.files.size());
    }

    Item read(std::int64_t index) const override {
        const Entry& entry = at(index);
        ArrayPtr array = m_cache.find(index);
        if (!array) {
            requireMemory(entry.header, entry.file.path.string());
            array = std::make_shared<const Array>(
                load(entry, Shape(entry.header.shape.size() - 1, 0), spatialExtents(entry.header.shape)));
            m_cache.keep(index, array);
        }
        return item(entry, std::move(array));
    }

    int labelOf(std::int64_t index) const override { return at(index).file.label; }

    Shape shapeOf(std::int64_t index) const override { return at(index).header.shape; }
    Geometry geometryOf(std::int64_t index) const override { return at(index).header.geometry; }

    Item window(std::int64_t index, const Shape& start, const Shape& size) const override {
        const Entry& entry = at(index);
        if (decodedBytes(entry.header.shape) <= m_cache.limit())
            return Dataset::window(index, start, size);
        Item piece = item(entry, std::make_shared<const Array>(load(entry, start, size)));
        piece.geometry = movedBy(piece.geometry, start);
        return piece;
    }

private:
    const Entry& at(std::int64_t index) const { return m_entries.at(static_cast<std::size_t>(index)); }

    Item item(const Entry& entry, ArrayPtr array) const {
        return {std::move(array), entry.file.label, entry.file.name, entry.header.geometry};
    }

    Array load(const Entry& entry, const Shape& start, const Shape& size) const {
        Reading reading = m_format->read(entry.file.path, entry.inFile, start, size);
        keepDamage(entry.file, reading.damage);
        Array array = std::move(reading.array);
        if (m_purpose == Purpose::Training)
            requireFinite(array, entry.file.path.string());
        if (m_colour && array.shape.front() == 1)
            array = coloured(array);
        if (array.shape != withChannels(m_facts.shape.front(), size))
            throw EngineError("has changed since the data was opened", entry.file.path.string(),
                              "open the data again");
        return array;
    }

    void keepDamage(const LabelledFile& file, const Damage& damage) const {
        if (!m_damaged || damage.empty())
            return;
        Damaged& known = m_damaged->try_emplace(file.path, Damaged{file.name, {}}).first->second;
        for (const std::string& clause : damage)
            addDamage(known.damage, clause);
    }

    void requireMemory(const ItemHeader& header, const std::string& name) const {
        const std::uint64_t bytes = decodedBytes(header.shape);
        if (bytes > m_cache.limit())
            throw EngineError(fmt::format("needs {} MiB of memory once decoded ({}); {} MiB are allowed",
                                          bytes >> 20, toText(header.shape), m_cache.limit() >> 20),
                              name, "raise data.cache_mib, or store it uncompressed or in smaller parts");
    }

    void inspect(const std::vector<LabelledFile>& files) {
        for (const LabelledFile& file : files) {
            try {
                ItemHeader header = m_format->inspect(file.path);
                if (!header.windowed)
                    requireMemory(header, file.path.string());
                if (!m_entries.empty())
                    requireSameKind(header, file.path.string());
                m_colour = m_colour || (header.kind == DataKind::Image && header.shape.front() == 3);
                keepDamage(file, header.damage);
                addItems(file, header);
            } catch (const EngineError& error) {
                m_leftOut.push_back({file.name, error.error()});
            }
        }
        requireSome();
    }

    void addItems(const LabelledFile& file, const ItemHeader& header) {
        if (header.count == 1)
            m_entries.push_back({file, header});
        for (std::int64_t i = 0; header.count > 1 && i < header.count; ++i) {
            const char* what = header.details.timeStep > 0 ? "time" : "part";
            m_entries.push_back(
                {{file.path, fmt::format("{}, {} {}", file.name, what, i + 1), file.label}, header, i});
        }
    }

    void requireSameKind(const ItemHeader& header, const std::string& name) const {
        const Entry& first = m_entries.front();
        const bool image = header.kind == DataKind::Image;
        if (header.kind != first.header.kind)
            throw EngineError(fmt::format("is of kind {}, but {} of kind {}", toText(header.kind),
                                          first.file.name, toText(first.header.kind)),
                              name, "keep one kind of data in a folder");
        if (!image && header.shape.front() != first.header.shape.front())
            throw EngineError(fmt::format("has {}, but {} has {}", counted(header.shape.front(), "channel"),
                                          first.file.name, first.header.shape.front()),
                              name, "bring all files to the same number of channels");
        if (image && header.dtype != first.header.dtype)
            throw EngineError(
                fmt::format("stores {}, but {} stores {}", header.dtype, first.file.name, first.header.dtype),
                name, "convert all pictures to the same depth");
    }

    void requireSome() const {
        if (!m_entries.empty())
            return;
        if (m_leftOut.size() == 1)
            throw EngineError(m_leftOut.front().error);
        throw EngineError(fmt::format("none of its {} files can be read; {}: {}", m_leftOut.size(),
                                      m_leftOut.front().name, m_leftOut.front().error.what),
                          m_facts.source, m_leftOut.front().error.remedy);
    }

    // Everything but the statistics.
    void describe() {
        for (Entry& entry : m_entries)
            if (m_colour)
                entry.header.shape.front() = 3;
        const ItemHeader& first = m_entries.front().header;
        m_facts.kind = first.kind;
        m_facts.count = static_cast<std::int64_t>(m_entries.size());
        m_facts.shape = m_facts.smallestShape = m_facts.largestShape = first.shape;
        m_facts.dtype = first.dtype;
        m_facts.geometry = first.geometry;
        m_facts.details = first.details;
        m_facts.mixedShapes = false;
        keepCommonDetails();
        for (const Entry& entry : m_entries)
            for (std::size_t axis = 0; axis < first.shape.size(); ++axis) {
                const std::int64_t extent = entry.header.shape[axis];
                m_facts.smallestShape[axis] = std::min(m_facts.smallestShape[axis], extent);
                m_facts.largestShape[axis] = std::max(m_facts.largestShape[axis], extent);
                m_facts.mixedShapes = m_facts.mixedShapes || extent != first.shape[axis];
            }
    }

    // Unit, names and scaling are said of all items, so only where all agree.
    void keepCommonDetails() {
        SourceDetails& all = m_facts.details;
        for (const Entry& entry : m_entries) {
            const SourceDetails& one = entry.header.details;
            if (one.unit != all.unit)
                all.unit.clear();
            if (one.channelNames != all.channelNames)
                all.channelNames.clear();
            if (one.windows != all.windows)
                all.windows.clear();
            if (one.slope != all.slope || one.intercept != all.intercept)
                std::tie(all.slope, all.intercept) = std::tuple(1.0, 0.0);
        }
    }

    void dropUnreadable(const std::vector<Unreadable>& unreadable) {
        if (unreadable.empty())
            return;
        for (auto bad = unreadable.rbegin(); bad != unreadable.rend(); ++bad) {
            const auto place = m_entries.begin() + static_cast<std::ptrdiff_t>(bad->index);
            m_leftOut.push_back({place->file.name, bad->error});
            m_entries.erase(place);
        }
        std::set<std::filesystem::path> used;
        for (const Entry& entry : m_entries)
            used.insert(entry.file.path);
        std::erase_if(*m_damaged, [&](const auto& damaged) { return !used.contains(damaged.first); });
        m_cache.clear();  // the places of the others have moved
        requireSome();
        describe();
    }

    void noteLeftOut(std::size_t all) {
        noteDifferences();
        if (m_leftOut.empty())
            return;
        std::vector<std::string> named;
        for (const LeftOut& file : m_leftOut)
            named.push_back(file.name + " " + file.error.what);
        const bool pages = std::ranges::any_of(m_entries, [](const Entry& e) { return e.header.count > 1; });
        m_facts.notes.push_back(fmt::format("{} of {} {} could not be used: {}.", named.size(),
                                            pages ? m_entries.size() + named.size() : all,
                                            pages ? "items" : "files", firstFew(named)));
    }

    void noteDamage(std::size_t all) {
        std::vector<std::string> named;
        for (const auto& [path, file] : *m_damaged)
            named.push_back(all == 1 ? firstFew(file.damage)
                                     : fmt::format("{} ({})", file.name, firstFew(file.damage)));
        m_damaged.reset();
        if (named.empty())
            return;
        m_facts.notes.push_back(all == 1 ? damageNote(named)
                                         : fmt::format("{} of {} files {} damaged, but can be read: {}.",
                                                       named.size(), all, named.size() == 1 ? "is" : "are",
                                                       firstFew(named)));
    }

    void noteDifferences() {
        std::set<double> rates;
        std::set<std::string> notes;
        for (const Entry& entry : m_entries) {
            rates.insert(entry.header.geometry.sampleRate);
            notes.insert(entry.header.notes.begin(), entry.header.notes.end());
        }
        m_facts.notes.insert(m_facts.notes.end(), notes.begin(), notes.end());
        if (rates.size() > 1)
            m_facts.notes.push_back(fmt::format(
                "The sample rates differ ({} to {} Hz); nothing is resampled, so bring them to one "
                "rate first if pitch matters.",
                *rates.begin(), *rates.rbegin()));
        noteDetails();
        if (m_facts.kind == DataKind::Volume) {
            noteChannels();
            noteGeometries();
        }
    }

    void noteDetails() {
        std::set<std::string> units;
        std::set<std::pair<double, double>> scales;
        for (const Entry& entry : m_entries) {
            const SourceDetails& details = entry.header.details;
            units.insert(details.unit.empty() ? "unknown" : details.unit);
            scales.emplace(details.slope, details.intercept);
        }
        if (units.size() > 1)
            m_facts.notes.push_back(
                fmt::format("The units differ between files: {}.", fmt::join(units, ", ")));
        if (scales.size() > 1)
            m_facts.notes.emplace_back(
                "Slope and intercept differ between files; each is scaled by its own.");
    }

    void noteChannels() {
        if (m_facts.channels() > 1)
            m_facts.notes.push_back(
                fmt::format("Every voxel holds {} values (channels).", m_facts.channels()));
    }

    // The geometry in the facts is that of the first volume.
    void noteGeometries() {
        std::set<std::array<double, 3>> spacings;
        std::set<std::array<double, 16>> affines;
        std::set<std::string> orientations;
        for (const Entry& entry : m_entries) {
            spacings.insert(entry.header.geometry.spacing);
            affines.insert(entry.header.geometry.affine);
            orientations.insert(orientationLetters(entry.header.geometry));
        }
        if (spacings.size() > 1)
            m_facts.notes.emplace_back(
                "The voxel sizes differ between files; patches are taken voxel by voxel.");
        if (orientations.size() > 1)
            m_facts.notes.push_back(
                fmt::format("The orientations differ between files ({}); nothing is turned.",
                            fmt::join(orientations, ", ")));
        if (affines.size() > 1)
            m_facts.notes.emplace_back("The geometry shown is that of the first volume; others differ.");
    }

    std::unique_ptr<Format> m_format;
    Purpose m_purpose;
    std::vector<Entry> m_entries;
    std::vector<LeftOut> m_leftOut;
    // What is wrong with files that are read all the same, collected while the set is opened; null
    // afterwards.
    std::unique_ptr<std::map<std::filesystem::path, Damaged>> m_damaged =
        std::make_unique<std::map<std::filesystem::path, Damaged>>();
    bool m_colour = false;
    ItemCache m_cache;
};

}  // namespace

std::shared_ptr<const Dataset> openFiles(FileList list, std::unique_ptr<Format> format,
                                         const OpenRequest& request) {
    return std::make_shared<FileSet>(std::move(list), std::move(format), request);
}

}  // namespace denoscope
