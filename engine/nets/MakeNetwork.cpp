// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/MakeNetwork.h"

#include "engine/nets/DdpmUNet.h"
#include "engine/nets/KarrasUNet.h"

namespace denoscope {

std::unique_ptr<Network> makeNetwork(const NetworkPlan& plan, std::uint64_t seed) {
    if (const auto* ddpm = std::get_if<DdpmPlan>(&plan))
        return std::make_unique<DdpmUNet>(*ddpm, seed);
    return std::make_unique<KarrasUNet>(std::get<KarrasPlan>(plan), seed);
}

}  // namespace denoscope
