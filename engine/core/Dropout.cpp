// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Dropout.h"

#include <stdexcept>
#include <utility>

#include "engine/core/Random.h"

namespace denoscope {
namespace {

thread_local DropoutState current;

}  // namespace

const DropoutState& dropoutState() {
    return current;
}

DropoutScope::DropoutScope(DropoutState state) : m_before(std::exchange(current, std::move(state))) {}

DropoutScope::~DropoutScope() {
    current = std::move(m_before);
}

std::vector<std::uint64_t> nextDropout(std::int64_t items) {
    std::vector<std::uint64_t> keys = current.itemKeys;
    for (std::uint64_t item = 0; current.itemKeys.empty() && item < static_cast<std::uint64_t>(items); ++item)
        keys.push_back(mix64(item));
    if (static_cast<std::int64_t>(keys.size()) != items)
        throw std::logic_error("dropout has keys for another batch");
    const std::uint64_t layer = mix64(++current.layer);
    for (std::uint64_t& key : keys)
        key = mix64(key ^ layer);
    return keys;
}

}  // namespace denoscope
