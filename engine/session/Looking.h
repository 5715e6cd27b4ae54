// SPDX-License-Identifier: GPL-3.0-or-later
// The answers of the data desk, one at a time and without threads. Failures are part of the answer.
#pragma once

#include <memory>

#include "engine/api/Messages.h"
#include "engine/data/Dataset.h"

namespace denoscope {

struct OpenedForLooking {
    Event event;                             // DataOpened or DataFailed
    std::shared_ptr<const Dataset> dataset;  // none when it could not be opened
};
OpenedForLooking openForLooking(const OpenData& request);

ItemRead readForLooking(const Dataset& dataset, const ReadItems& request, std::int64_t index);

// -1 where it has none, or cannot be read.
int labelForLooking(const Dataset& dataset, std::int64_t index);

// Not a number where the item cannot be read.
double meanForLooking(const Dataset& dataset, std::int64_t index);

BesideRead readBeside(const ReadBeside& request);

ItemPrepared prepareForLooking(const Dataset& dataset, const PrepareItem& request);

}  // namespace denoscope
