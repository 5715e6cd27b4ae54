// SPDX-License-Identifier: GPL-3.0-or-later
// From a sampling request to items in real units.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "engine/api/Config.h"
#include "engine/api/Data.h"
#include "engine/api/Messages.h"
#include "engine/diffusion/Model.h"

namespace denoscope {

struct ItemSamplerHooks {
    std::function<bool()> keepGoing;            // asked between network calls; false ends the request
    std::function<void(DenoisingFrame)> frame;  // of the first items; may be empty
    std::function<void(std::int64_t, std::int64_t)> progress;  // steps done of all; may be empty
};

// Draws sampling.count items with the sampler asked for, a few at a time. Item i depends on (seed, i) and the
// network alone, not on the count, to within rounding: the math libraries choose the order of their sums by
// the size of the batch. Without sampling.label, a class-conditional network is asked for its
// classes in turn. With a known part, RePaint walks sampling.steps levels back and forth; with two items to
// go between, the walk begins at their noise level, and the items do depend on the count. Returns nothing
// when it was ended early; throws EngineError where a given item is not of the items' shape.
std::vector<Item> sampleItems(const Model& model, const RunConfig& config, const DataFacts& facts,
                              const Sample& request, const ItemSamplerHooks& hooks);

}  // namespace denoscope
