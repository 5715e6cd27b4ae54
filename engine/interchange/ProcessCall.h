// SPDX-License-Identifier: GPL-3.0-or-later
// What to write in Python to get the process around a network as ours.
#pragma once

#include <string>
#include <vector>

#include "engine/interchange/PackageCall.h"

namespace denoscope {

// lowIsZero: the data run from 0 to 1, which the class maps to -1..1 itself. Throws EngineError with the
// reason where the package has no class for this process.
PackageCall processCall(const NoiseConfig& noise, const NetworkOptions& network, bool lowIsZero);

// Why that class refuses this network or schedule nevertheless, or does not do with them what ours does: a
// sentence each, with what helps where something does. Weights and schedule stand in the file all the same.
std::vector<std::string> processObjections(const NoiseConfig& noise, const NetworkOptions& network);

// Where that class keeps the network: "model." or "net.".
std::string networkPrefix(const NoiseConfig& noise);

}  // namespace denoscope
