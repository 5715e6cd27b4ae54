// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/BatchLoader.h"

#include <algorithm>
#include <condition_variable>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>

#include "engine/core/Random.h"
#include "engine/data/Permutation.h"
#include "engine/data/ValueMap.h"

namespace denoscope {
namespace {

void mirrorRows(float* values, std::size_t count, std::size_t width) {
    for (std::size_t row = 0; row < count; row += width)
        std::reverse(values + row, values + row + width);
}

// How many batches are prepared ahead: some that take long, a volume to decode, are made up for by many that
// do not.
std::size_t batchesAhead(const Dataset& dataset, const RunConfig& config) {
    constexpr std::int64_t fewest = 4, most = 32, bytesAtMost = std::int64_t{64} << 20;
    Shape shape{config.training.batchSize, dataset.facts().channels()};
    shape.insert(shape.end(), config.data.size.begin(), config.data.size.end());
    const auto bytes =
        static_cast<std::int64_t>(sizeof(float)) * std::max<std::int64_t>(1, elementCount(shape));
    return static_cast<std::size_t>(std::clamp(bytesAtMost / bytes, fewest, most));
}

}  // namespace

Batch makeBatch(const Dataset& dataset, const RunConfig& config, std::int64_t first, std::int64_t count) {
    const DataConfig& data = config.data;
    const auto seed = static_cast<std::uint64_t>(config.training.seed);
    const auto items = static_cast<std::uint64_t>(dataset.size());
    const ValueMap map{data.low, data.high};
    Batch batch;
    batch.values.shape = {count, dataset.facts().channels()};
    batch.values.shape.insert(batch.values.shape.end(), data.size.begin(), data.size.end());
    batch.values.values.resize(static_cast<std::size_t>(elementCount(batch.values.shape)));
    float* target = batch.values.values.data();
    for (auto place = static_cast<std::uint64_t>(first); place < static_cast<std::uint64_t>(first + count);
         ++place) {
        const std::uint64_t index =
            permuted(place % items, items, keyOf(seed, Stream::Shuffle, {place / items}));
        const Item item = dataset.draw(static_cast<std::int64_t>(index), data.size, data.fit,
                                       keyOf(seed, Stream::Crop, {place}));
        const std::vector<float>& values = item.array->values;
        std::transform(values.begin(), values.end(), target,
                       [map](float value) { return map.toNetwork(value); });
        const bool mirror = data.mirror && dataset.facts().kind != DataKind::Signal;
        if (mirror && unitOf(keyOf(seed, Stream::Mirror, {place})) < 0.5)
            mirrorRows(target, values.size(), static_cast<std::size_t>(data.size.back()));
        target += values.size();
        batch.labels.push_back(data.useLabels ? item.label : -1);
    }
    return batch;
}

class BatchLoader::Worker {
public:
    Worker(std::shared_ptr<const Dataset> dataset, const RunConfig& config, std::int64_t firstItem)
        : m_dataset(std::move(dataset)),
          m_config(config),
          m_ahead(batchesAhead(*m_dataset, config)),
          m_position(firstItem),
          m_thread([this] { work(); }) {}

    ~Worker() {
        {
            const std::lock_guard lock(m_mutex);
            m_stop = true;
        }
        m_changed.notify_all();
        m_thread.join();
    }

    Batch next() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return !m_ready.empty() || m_failure; });
        if (m_ready.empty())
            std::rethrow_exception(m_failure);
        Batch batch = std::move(m_ready.front());
        m_ready.pop_front();
        lock.unlock();
        m_changed.notify_all();
        return batch;
    }

private:
    void work() {
        try {
            while (waitForRoom()) {
                Batch batch = makeBatch(*m_dataset, m_config, m_position, m_config.training.batchSize);
                m_position += m_config.training.batchSize;
                {
                    const std::lock_guard lock(m_mutex);
                    m_ready.push_back(std::move(batch));
                }
                m_changed.notify_all();
            }
        } catch (...) {
            {
                const std::lock_guard lock(m_mutex);
                m_failure = std::current_exception();
            }
            m_changed.notify_all();
        }
    }

    bool waitForRoom() {
        std::unique_lock lock(m_mutex);
        m_changed.wait(lock, [this] { return m_stop || m_ready.size() < m_ahead; });
        return !m_stop;
    }

    const std::shared_ptr<const Dataset> m_dataset;
    const RunConfig m_config;
    const std::size_t m_ahead;
    std::int64_t m_position;  // of the worker's thread alone
    std::mutex m_mutex;       // guards the three below
    std::deque<Batch> m_ready;
    std::exception_ptr m_failure;
    bool m_stop = false;
    std::condition_variable m_changed;
    std::thread m_thread;  // last: it uses all of the above
};

BatchLoader::BatchLoader(std::shared_ptr<const Dataset> dataset, const RunConfig& config,
                         std::int64_t firstItem)
    : m_worker(std::make_unique<Worker>(std::move(dataset), config, firstItem)) {}

BatchLoader::~BatchLoader() = default;

Batch BatchLoader::next() {
    return m_worker->next();
}

}  // namespace denoscope
