// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/ItemStore.h"

#include <algorithm>

namespace denoscope {

namespace {

// Values that a shelf keeps beyond what is wanted just now: 256 MB.
constexpr std::size_t keptValues = std::size_t{64} << 20;

std::size_t valuesOf(const ItemRead& read) {
    return read.item.array ? read.item.array->values.size() : 0;
}

}  // namespace

ItemStore::ItemStore(RunModel& model, QObject* parent) : QObject(parent), m_model(model) {
    connect(&model, &RunModel::dataChanged, this, &ItemStore::followData);
    connect(&model.client(), &EngineClient::itemsRead, this, &ItemStore::put);
    connect(&model.client(), &EngineClient::itemsIndexed, this, [this](const ItemsIndexed& indexed) {
        if (!m_data || !opensTheSame(indexed.data, *m_data))
            return;
        m_indexing = m_indexing && indexed.means.empty();
        m_index = indexed;
        Q_EMIT indexArrived();
    });
    connect(&model.client(), &EngineClient::itemPrepared, this, &ItemStore::prepared);
    followData();
}

std::int64_t ItemStore::count() const {
    return m_data && m_model.facts() ? m_model.facts()->count : 0;
}

void ItemStore::followData() {
    if (m_openings == m_model.openings())
        return;
    m_openings = m_model.openings();
    m_data = m_model.openedData();
    m_shelves = {};
    m_index.reset();
    m_indexing = false;
    Q_EMIT replaced();
}

const ItemRead* ItemStore::find(Look look, std::int64_t index) const {
    const Shelf& kept = m_shelves[static_cast<std::size_t>(look)];
    const auto found = kept.items.find(index);
    return found == kept.items.end() ? nullptr : &found->second;
}

void ItemStore::want(Look look, std::vector<std::int64_t> indices) {
    std::erase_if(indices, [this](std::int64_t index) { return index < 0 || index >= count(); });
    shelf(look).wanted = {indices.begin(), indices.end()};
    std::erase_if(indices, [&](std::int64_t index) { return find(look, index) != nullptr; });
    if (m_data && !indices.empty())
        m_model.client().send(ReadItems{*m_data, look, std::move(indices)});
}

void ItemStore::put(const ItemsRead& read) {
    if (!m_data || !opensTheSame(read.data, *m_data))
        return;
    Shelf& kept = shelf(read.look);
    for (const ItemRead& item : read.items)
        if (kept.items.insert_or_assign(item.index, item).second)
            kept.values += valuesOf(item);
    if (kept.values > keptValues) {
        std::erase_if(kept.items, [&](const auto& entry) { return !kept.wanted.contains(entry.first); });
        kept.values = 0;
        for (const auto& [index, item] : kept.items)
            kept.values += valuesOf(item);
    }
    Q_EMIT arrived(read.look);
}

void ItemStore::wantIndex(bool means) {
    if (!m_data || (m_index && !means) || m_indexing || (m_index && !m_index->means.empty()))
        return;
    m_indexing = means;
    m_model.client().send(IndexItems{*m_data, means});
}

void ItemStore::prepare(const RunConfig& config, std::int64_t index, double sigma, std::int64_t noiseSeed) {
    if (!m_data)
        return;
    PrepareItem request{config, index, sigma, noiseSeed};
    request.config.data.source = m_data->source;  // of the data that is shown, whatever is being edited
    request.config.data.part = m_data->part;
    request.config.data.sampleRate = m_data->sampleRate;
    request.config.data.as = m_data->as;
    m_model.client().send(std::move(request));
}

}  // namespace denoscope
