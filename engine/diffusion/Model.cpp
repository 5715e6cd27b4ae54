// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Model.h"

#include <ATen/ATen.h>

#include "engine/api/OwnSize.h"
#include "engine/nets/MakeNetwork.h"

namespace denoscope {

std::vector<Parameter> Model::parameters() const {
    std::vector<Parameter> all = network->parameters();
    for (Parameter& parameter : process.schedule().parameters())
        all.push_back(std::move(parameter));
    return all;
}

Model makeModel(const RunConfig& config, const DataFacts& facts) {
    const auto seed = static_cast<std::uint64_t>(config.training.seed);
    const NetworkPlan plan =
        makeNetworkPlan(networkOptions(config, facts.channels(), classCount(config, facts)));
    // The package tells its Karras networks whatever its process counts in.
    const bool ownUnits =
        config.model.family != ModelFamily::Karras || config.model.compat == Compat::Reference;
    return {makeNetwork(plan, seed),
            Process(config.noise, seed, ownUnits ? Conditioning::Own : Conditioning::LogSigma)};
}

at::Tensor oneHot(const std::vector<int>& labels, int classes) {
    if (classes == 0)
        return {};
    at::Tensor rows = at::zeros({static_cast<std::int64_t>(labels.size()), classes});
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] >= 0)
            rows[static_cast<std::int64_t>(i)][labels[i]] = 1;
    return rows;
}

}  // namespace denoscope
