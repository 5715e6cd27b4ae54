// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <list>
#include <mutex>
#include <unordered_map>

#include "engine/api/Array.h"

namespace denoscope {

// Decoded items, the least recently used given up first once they exceed `limit` bytes. Thread-safe.
class ItemCache {
public:
    explicit ItemCache(std::uint64_t limit) : m_limit(limit) {}

    std::uint64_t limit() const { return m_limit; }

    ArrayPtr find(std::int64_t index) const {
        const std::lock_guard lock(m_mutex);
        const auto found = m_places.find(index);
        if (found == m_places.end())
            return nullptr;
        m_items.splice(m_items.begin(), m_items, found->second);
        return found->second->array;
    }

    void keep(std::int64_t index, ArrayPtr array) const {
        const std::lock_guard lock(m_mutex);
        const std::uint64_t bytes = array->values.size() * sizeof(float);
        if (m_places.contains(index))
            return;
        m_items.push_front({index, std::move(array), bytes});
        m_places[index] = m_items.begin();
        m_bytes += bytes;
        while (m_bytes > m_limit && !m_items.empty()) {
            m_bytes -= m_items.back().bytes;
            m_places.erase(m_items.back().index);
            m_items.pop_back();
        }
    }

    void clear() {
        const std::lock_guard lock(m_mutex);
        m_items.clear();
        m_places.clear();
        m_bytes = 0;
    }

private:
    struct Kept {
        std::int64_t index;
        ArrayPtr array;
        std::uint64_t bytes;
    };
    std::uint64_t m_limit;
    mutable std::mutex m_mutex;  // guards all below
    mutable std::list<Kept> m_items;
    mutable std::unordered_map<std::int64_t, std::list<Kept>::iterator> m_places;
    mutable std::uint64_t m_bytes = 0;
};

}  // namespace denoscope
