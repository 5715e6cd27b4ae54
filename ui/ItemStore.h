// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QObject>
#include <array>
#include <optional>
#include <set>
#include <unordered_map>

#include "ui/RunModel.h"

namespace denoscope {

// The items of the open data as far as anybody looks at them: asks the engine for what is wanted and not yet
// here, and keeps what has come within a budget of bytes. Lives in the UI thread.
class ItemStore : public QObject {
    Q_OBJECT

public:
    explicit ItemStore(RunModel& model, QObject* parent = nullptr);

    std::int64_t count() const;  // 0 while nothing is open

    // The latest wish of each kind stands; of Whole and Compared usually one item, of Thumbnails those in
    // sight.
    void want(Look look, std::vector<std::int64_t> indices);
    // Nothing as long as it is not here; without an array where it could not be read.
    const ItemRead* find(Look look, std::int64_t index) const;

    void wantIndex(bool means);
    const ItemsIndexed* index() const { return m_index ? &*m_index : nullptr; }
    bool indexing() const { return m_indexing; }

    void prepare(const RunConfig& config, std::int64_t index, double sigma, std::int64_t noiseSeed);

Q_SIGNALS:
    void replaced();  // other data, or none
    void arrived(denoscope::Look look);
    void indexArrived();
    void prepared(const denoscope::ItemPrepared& prepared);

private:
    struct Shelf {
        std::unordered_map<std::int64_t, ItemRead> items;
        std::set<std::int64_t> wanted;
        std::size_t values = 0;  // of all items
    };
    Shelf& shelf(Look look) { return m_shelves[static_cast<std::size_t>(look)]; }
    void followData();
    void put(const ItemsRead& read);

    RunModel& m_model;
    std::optional<DataConfig> m_data;
    std::int64_t m_openings = -1;  // of the model, at the last look
    std::array<Shelf, 3> m_shelves;
    std::optional<ItemsIndexed> m_index;
    bool m_indexing = false;
};

}  // namespace denoscope
