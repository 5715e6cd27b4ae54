// SPDX-License-Identifier: GPL-3.0-or-later
// Which elements the dropouts of a network take. A mask is a function of the item's key, the number of the
// dropout within the forward pass and the element's place in the item (engine/kernels/Pointwise.h): the same
// in any batch, and when a part of the network is computed a second time.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace denoscope {

struct DropoutState {
    std::vector<std::uint64_t> itemKeys;  // of the items of the batch; empty: numbers from 0
    std::uint64_t layer = 0;              // dropouts so far

    bool operator==(const DropoutState&) const = default;
};

// Of this thread, and where it stands: what a second computation has to begin with to drop the same.
const DropoutState& dropoutState();

// While it lives, dropouts of this thread begin with this state. Scopes nest. Without one the items of every
// batch have the same keys and the dropouts of the thread are numbered on and on.
class DropoutScope {
public:
    explicit DropoutScope(std::vector<std::uint64_t> itemKeys)
        : DropoutScope(DropoutState{std::move(itemKeys), 0}) {}
    explicit DropoutScope(DropoutState state);
    ~DropoutScope();
    DropoutScope(const DropoutScope&) = delete;
    DropoutScope& operator=(const DropoutScope&) = delete;

private:
    DropoutState m_before;
};

// The keys of the masks of the next dropout, for a batch of so many items. Throws std::logic_error where the
// scope has keys for another number.
std::vector<std::uint64_t> nextDropout(std::int64_t items);

}  // namespace denoscope
