// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/PickleValue.h"

#include <algorithm>
#include <numeric>

namespace denoscope {
namespace {

// Whole numbers before text, each in its own order.
bool lessKey(const PickleValue& a, const PickleValue& b) {
    if (a.index() != b.index())
        return a.index() < b.index();
    if (const auto* number = std::get_if<std::int64_t>(&a))
        return *number < std::get<std::int64_t>(b);
    return std::get<std::string_view>(a) < std::get<std::string_view>(b);
}

const PickleValue* findIn(const PickleDict& dict, const std::vector<std::uint32_t>& sorted,
                          const PickleValue& key) {
    const auto found = std::lower_bound(sorted.begin(), sorted.end(), key,
                                        [&](std::uint32_t entry, const PickleValue& other) {
                                            return lessKey(dict.entries[entry].first, other);
                                        });
    if (found == sorted.end() || lessKey(key, dict.entries[*found].first))
        return nullptr;
    return &dict.entries[*found].second;
}

}  // namespace

const PickleValue* PickleDict::find(std::string_view key) const {
    return findIn(*this, m_sorted, key);
}

const PickleValue* PickleDict::find(std::int64_t key) const {
    return findIn(*this, m_sorted, key);
}

bool PickleDict::index(std::size_t& key) {
    const auto canBeFound = [&](std::uint32_t entry) {
        const PickleValue& value = entries[entry].first;
        return std::holds_alternative<std::int64_t>(value) || std::holds_alternative<std::string_view>(value);
    };
    m_sorted.resize(entries.size());
    std::iota(m_sorted.begin(), m_sorted.end(), 0U);
    std::erase_if(m_sorted, [&](std::uint32_t entry) { return !canBeFound(entry); });
    const auto less = [&](std::uint32_t a, std::uint32_t b) {
        return lessKey(entries[a].first, entries[b].first);
    };
    std::sort(m_sorted.begin(), m_sorted.end(), less);
    const auto twice = std::adjacent_find(m_sorted.begin(), m_sorted.end(),
                                          [&](std::uint32_t a, std::uint32_t b) { return !less(a, b); });
    if (twice == m_sorted.end())
        return true;
    key = *twice;
    return false;
}

std::string_view kindOf(const PickleValue& value) {
    struct Name {
        std::string_view operator()(PickleNone) const { return "None"; }
        std::string_view operator()(bool) const { return "a truth value"; }
        std::string_view operator()(std::int64_t) const { return "a whole number"; }
        std::string_view operator()(double) const { return "a number"; }
        std::string_view operator()(std::string_view) const { return "text"; }
        std::string_view operator()(PickleBytes) const { return "bytes"; }
        std::string_view operator()(const PickleSequence* sequence) const {
            return sequence->kind == SequenceKind::List    ? "a list"
                   : sequence->kind == SequenceKind::Tuple ? "a tuple"
                                                           : "a set";
        }
        std::string_view operator()(const PickleDict*) const { return "a dict"; }
        std::string_view operator()(const PickleStorage*) const { return "a storage"; }
        std::string_view operator()(const PickleTensor*) const { return "a tensor"; }
        std::string_view operator()(const PickleGlobal*) const { return "a name of Python's"; }
    };
    return std::visit(Name{}, value);
}

}  // namespace denoscope
