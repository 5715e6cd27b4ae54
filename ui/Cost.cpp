// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Cost.h"

#include "engine/api/OwnSize.h"

namespace denoscope {

Cost costOf(const RunConfig& config, const DataFacts& facts) {
    RunConfig resolved = config;
    if (resolved.data.size.empty() && facts.shape.size() > 1)
        resolved.data.size = ownSize(facts);
    if (resolved.data.size.empty())
        return {};
    try {
        const Forecast cost = forecast(resolved, facts.channels(), classCount(config, facts));
        return {cost, refusal(cost)};
    } catch (const EngineError& error) {
        return {std::nullopt, error.error()};
    }
}

}  // namespace denoscope
