// SPDX-License-Identifier: GPL-3.0-or-later
// The layout of whichever network a config asks for, and what it costs. The first part is plain arithmetic;
// only makeNetwork (engine/nets/MakeNetwork.h) allocates.
#pragma once

#include <map>
#include <string>
#include <variant>

#include "engine/api/Config.h"
#include "engine/core/Safetensors.h"
#include "engine/nets/DdpmPlan.h"
#include "engine/nets/KarrasPlan.h"

namespace denoscope {

using NetworkOptions = std::variant<DdpmOptions, KarrasOptions>;
using NetworkPlan = std::variant<DdpmPlan, KarrasPlan>;

// config.data.size is resolved (not empty).
NetworkOptions networkOptions(const RunConfig& config, int channels, int classes);

// The settings that give these options, besides size, channels and classes, which are the data's. Throws
// EngineError naming the package's argument that no setting of ours expresses.
ModelConfig modelConfigOf(const NetworkOptions& options);
// What the number of outputs is for; the same promise.
OutputHead outputHeadOf(const NetworkOptions& options);

// Throws EngineError as makeKarrasPlan and makeDdpmPlan do.
NetworkPlan makeNetworkPlan(const NetworkOptions& options);

std::int64_t parameterCount(const NetworkPlan& plan);
// Throws EngineError when a file with these tensors can never fill the network: arguments may claim anything,
// and what is built for a file must stay within its own size times a small factor. where: the file.
void refuseUnfilled(const NetworkPlan& plan, const std::map<std::string, StoredTensor>& stored,
                    const std::string& where);
// Of the activations that a training step holds at one time, per item, as `training` computes it: its
// precision, kernels and recomputation.
double keptBytes(const NetworkPlan& plan, const TrainingConfig& training);
// The same without gradients.
double sampledBytes(const NetworkPlan& plan, const TrainingConfig& training);
double macs(const NetworkPlan& plan);  // multiply-accumulates of one forward, per item

}  // namespace denoscope
