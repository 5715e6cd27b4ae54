// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/NetworkPlan.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/Error.h"
#include "engine/nets/DdpmPresets.h"

namespace denoscope {
namespace {

std::int64_t entry(const std::vector<std::int64_t>& list, std::size_t stage, const char* key) {
    if (list.size() != 1 && stage >= list.size())
        throw EngineError("there are fewer values than stages", key, "give one, or one per stage");
    return list.size() == 1 ? list.front() : list[stage];
}

// Which stages attend how; only the plain variant lets its stages choose.
void chooseAttention(const ModelConfig& model, DdpmOptions& options) {
    const std::size_t stages = options.widthFactors.size();
    if (stages == 0)
        return;
    const std::size_t last = stages - 1;
    options.middleAttention = {true, entry(model.heads, last, "model.heads"),
                               entry(model.headSizes, last, "model.head_sizes")};
    if (model.variant == DdpmVariant::GuidedUnet)
        options.middleAttention = DdpmAttention{true, 4, 32};  // the package gives it no choice
    if (model.variant != DdpmVariant::Unet)
        return;
    options.stageAttention.clear();
    for (std::size_t stage = 0; stage < stages; ++stage) {
        const bool full = model.fullAttention.empty()
                              ? stage == last
                              : std::ranges::count(model.fullAttention, static_cast<std::int64_t>(stage)) > 0;
        options.stageAttention.push_back({full, entry(model.heads, stage, "model.heads"),
                                          entry(model.headSizes, stage, "model.head_sizes")});
    }
}

int outputsOf(OutputHead head, int channels) {
    return head == OutputHead::LearnedVariance     ? 2 * channels
           : head == OutputHead::WeightedObjective ? 2 * channels + 2
                                                   : channels;
}

DdpmOptions ddpmOptions(const RunConfig& config, int channels, int classes) {
    const ModelConfig& model = config.model;
    DdpmOptions options = packageVariant(model.variant, model.norm);
    options.size = config.data.size;
    options.channels = channels;
    options.classes = classes;
    options.outputs = outputsOf(config.noise.head, channels);
    options.width = model.width;
    options.firstWidth = model.firstWidth;
    options.widthFactors = model.widthFactors;
    options.downsampleTypes = model.downsampleTypes;
    options.selfCondition = model.selfCondition;
    options.dropout = model.dropout;
    options.time = model.time;
    options.fourierSize = model.fourierSize;
    options.timePeriod = model.timePeriod;
    options.groups = model.groups;
    chooseAttention(model, options);
    return options;
}

}  // namespace

NetworkOptions networkOptions(const RunConfig& config, int channels, int classes) {
    if (config.model.family == ModelFamily::Ddpm)
        return ddpmOptions(config, channels, classes);
    KarrasOptions options;
    options.model = config.model;
    options.size = config.data.size;
    options.channels = channels;
    options.classes = classes;
    return options;
}

NetworkPlan makeNetworkPlan(const NetworkOptions& options) {
    if (const auto* ddpm = std::get_if<DdpmOptions>(&options))
        return makeDdpmPlan(*ddpm);
    return makeKarrasPlan(std::get<KarrasOptions>(options));
}

std::int64_t parameterCount(const NetworkPlan& plan) {
    return std::visit([](const auto& which) { return parameterCount(which); }, plan);
}

void refuseUnfilled(const NetworkPlan& plan, const std::map<std::string, StoredTensor>& stored,
                    const std::string& where) {
    double values = 0;
    for (const auto& [name, tensor] : stored)
        values += static_cast<double>(elementCount(tensor.shape));
    constexpr double slack = 1e6, factor = 4;
    if (static_cast<double>(parameterCount(plan)) > factor * values + slack)
        throw EngineError(fmt::format("the arguments describe a network of {} parameters, the file holds {}",
                                      parameterCount(plan), values),
                          where, "give the arguments that the network was made with");
}

double keptBytes(const NetworkPlan& plan, const TrainingConfig& training) {
    return std::visit([&](const auto& which) { return keptBytes(which, training); }, plan);
}

// Skip connections and what one block takes: less than a step that recomputes, most so with few scores of
// attention. Measured at 0.35 to 0.75 of it (tests/engine/planTest.cpp, ddpmPlanTest.cpp).
double sampledBytes(const NetworkPlan& plan, const TrainingConfig& training) {
    constexpr double share = 0.75;
    TrainingConfig recomputing = training;
    recomputing.recompute = true;
    return share * keptBytes(plan, recomputing);
}

double macs(const NetworkPlan& plan) {
    return std::visit([](const auto& which) { return macs(which); }, plan);
}

}  // namespace denoscope
