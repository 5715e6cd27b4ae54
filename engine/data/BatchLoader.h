// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/api/Array.h"
#include "engine/data/Dataset.h"

namespace denoscope {

struct Batch {
    Array values;             // (B, C, ...) mapped to [-1, 1]
    std::vector<int> labels;  // B of them; -1 = none
};

// Prepares batches ahead of time on a thread of its own, which the destructor stops and joins. Batch n is a
// pure function of (dataset, config, n): epochs are permutations keyed by (seed, epoch), crops and mirroring
// by the position of the item in the whole sequence, so a resume or another batch size sees the same sequence
// of items.
class BatchLoader {
public:
    // `config` is resolved. firstItem: how many items were drawn before (step * batch * accumulation).
    BatchLoader(std::shared_ptr<const Dataset> dataset, const RunConfig& config, std::int64_t firstItem);
    ~BatchLoader();
    BatchLoader(const BatchLoader&) = delete;
    BatchLoader& operator=(const BatchLoader&) = delete;

    // The next batch; waits for it if need be. Rethrows what went wrong while reading.
    Batch next();

private:
    class Worker;
    std::unique_ptr<Worker> m_worker;
};

// The items of the sequence [first, first + count), as the loader would batch them. For tests and views.
Batch makeBatch(const Dataset& dataset, const RunConfig& config, std::int64_t first, std::int64_t count);

}  // namespace denoscope
