// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <memory>

#include "engine/nets/Network.h"
#include "engine/nets/NetworkPlan.h"

namespace denoscope {

std::unique_ptr<Network> makeNetwork(const NetworkPlan& plan, std::uint64_t seed);

}  // namespace denoscope
