// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/Messages.h"
#include "engine/data/Dataset.h"

namespace denoscope {

// An item as the network would see it in training, with a sentence for everything that was done to it, and
// the same item noised. The noise is a pure function of (request.noiseSeed, request.index). Throws
// EngineError as Dataset::draw does.
ItemPrepared prepareItem(const Dataset& dataset, const PrepareItem& request);

}  // namespace denoscope
