// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of whichever network a config asks for, and what it costs. The first part is plain arithmetic; only
// makeNetwork (engine/nets/MakeNetwork.h) allocates.
#pragma once

#include <variant>

#include "engine/api/Config.h"
#include "engine/nets/DdpmPlan.h"
#include "engine/nets/KarrasPlan.h"

namespace denoscope {

using NetworkOptions = std::variant<DdpmOptions, KarrasOptions>;
using NetworkPlan = std::variant<DdpmPlan, KarrasPlan>;

// config.data.size is resolved (not empty).
NetworkOptions networkOptions(const RunConfig& config, int channels, int classes);

// Throws EngineError as makeKarrasPlan and makeDdpmPlan do.
NetworkPlan makeNetworkPlan(const NetworkOptions& options);

std::int64_t parameterCount(const NetworkPlan& plan);
double keptActivations(const NetworkPlan& plan);  // float32 values that training keeps, per item
double macs(const NetworkPlan& plan);             // multiply-accumulates of one forward, per item

}  // namespace denoscope
