// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/Cost.h"

namespace denoscope {

Cost costOf(const RunConfig& config, const DataFacts& facts) {
    RunConfig resolved = config;
    if (resolved.data.size.empty() && facts.shape.size() > 1)
        resolved.data.size.assign(facts.shape.begin() + 1, facts.shape.end());
    if (resolved.data.size.empty())
        return {};
    try {
        const int classes = config.data.useLabels ? static_cast<int>(facts.labels.size()) : 0;
        const Forecast cost = forecast(resolved, facts.channels(), classes);
        return {cost, refusal(cost)};
    } catch (const EngineError& error) {
        return {std::nullopt, error.error()};
    }
}

}  // namespace denoscope
