// SPDX-License-Identifier: GPL-3.0-or-later
// What a pickle holds once it is read: plain values, and descriptions of tensors whose data lie elsewhere.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "engine/api/Array.h"
#include "engine/interchange/TorchTypes.h"

namespace denoscope {

struct PickleNone {};
struct PickleBytes {
    std::span<const std::byte> bytes;
};
struct PickleSequence;
struct PickleDict;
struct PickleStorage;
struct PickleTensor;
struct PickleGlobal;  // a name of Python's that the interpreter knows; see PickleCalls.h

// Text and bytes are views into the pickle, the pointers lead into it: all live as long as their
// PickleDocument.
using PickleValue =
    std::variant<PickleNone, bool, std::int64_t, double, std::string_view, PickleBytes, PickleSequence*,
                 PickleDict*, const PickleStorage*, const PickleTensor*, const PickleGlobal*>;

enum class SequenceKind { List, Tuple, Set };

struct PickleSequence {
    SequenceKind kind = SequenceKind::List;
    std::vector<PickleValue> items;
};

// Keeps the order in which Python wrote its entries.
struct PickleDict {
    std::vector<std::pair<PickleValue, PickleValue>> entries;
    bool ordered = false;  // an OrderedDict, the only kind that may carry attributes

    const PickleValue* find(std::string_view key) const;  // nullptr where there is none
    const PickleValue* find(std::int64_t key) const;
    // To be called once all entries are there; false where a key stands twice (`key` is then its position).
    bool index(std::size_t& key);

private:
    std::vector<std::uint32_t> m_sorted;  // entries with text or whole numbers as keys
};

struct PickleStorage {
    const TorchType* type = nullptr;  // nullptr: untyped, counted in bytes
    std::string_view key;             // the member data/<key>
    std::int64_t elements = 0;        // as claimed; 0 or more
};

// As claimed: nothing is checked against the storage here.
struct PickleTensor {
    const PickleStorage* storage = nullptr;
    const TorchType* type = nullptr;
    std::int64_t offset = 0;     // in elements
    Shape shape, strides;        // of equal length
    std::uint64_t position = 0;  // byte of the pickle that built it
};

// Owns what the values point to. Lists and dicts may occur in several places, even in themselves: never walk
// them without a bound.
struct PickleDocument {
    std::vector<std::byte> bytes;
    PickleValue root;
    std::deque<PickleSequence> sequences;
    std::deque<PickleDict> dicts;
    std::deque<PickleStorage> storages;
    std::deque<PickleTensor> tensors;
    std::deque<std::string> texts;  // made while reading

    PickleDocument() = default;
    // NOLINTNEXTLINE(performance-noexcept-move-constructor): a deque's may allocate
    PickleDocument(PickleDocument&&) = default;
    PickleDocument& operator=(PickleDocument&&) = default;
};

// "a dict", "a number" ...: for messages.
std::string_view kindOf(const PickleValue& value);

}  // namespace denoscope
