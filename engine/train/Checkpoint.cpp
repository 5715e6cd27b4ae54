// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/Error.h"
#include "engine/api/StrictJson.h"
#include "engine/core/Files.h"
#include "engine/core/TensorFile.h"
#include "engine/nets/ParameterFile.h"
#include "engine/train/TrainState.h"

namespace denoscope {
namespace {

NamedTensors named(Adam& adam) {
    NamedTensors result;
    for (std::size_t i = 0; i < adam.parameters().size(); ++i) {
        result.emplace("exp_avg." + adam.parameters()[i].name, adam.moments()[i].first);
        result.emplace("exp_avg_sq." + adam.parameters()[i].name, adam.moments()[i].second);
    }
    return result;
}

std::string fileOf(const PowerEma::Profile& profile) {
    return fmt::format("ema-{}.safetensors", profile.sigmaRel);
}

std::int64_t count(const nlohmann::json& state, const char* name) {
    const nlohmann::json& value = state.at(name);
    if (!value.is_number_integer() || value.get<std::int64_t>() < 0)
        throw nlohmann::json::other_error::create(0, fmt::format("'{}' is no count", name), &state);
    return value.get<std::int64_t>();
}

}  // namespace

TrainState::TrainState(const RunConfig& config, const DataFacts& facts)
    : online(makeModel(config, facts)), average(makeModel(config, facts)), adam([this] {
          std::vector<Parameter> trained;
          for (const Parameter& parameter : online.parameters())
              if (parameter.trained)
                  trained.push_back(parameter);
          return trained;
      }()) {
    for (const Parameter& parameter : average.parameters())
        parameter.value.requires_grad_(false);
    online.network->normalizeWeights();
    average.network->normalizeWeights();
    const TrainingConfig& training = config.training;
    if (training.ema == EmaKind::Power && training.emaSecondWidth > 0)
        further = PowerEma(online.parameters(), {training.emaSecondWidth});
}

void saveCheckpoint(TrainState& state, const std::filesystem::path& folder) {
    saveParameters(state.online.parameters(), folder / "weights.safetensors");
    saveParameters(state.average.parameters(), folder / "ema.safetensors");
    for (const PowerEma::Profile& profile : state.further.profiles())
        saveEmaSnapshot(profile.average, {profile.sigmaRel, state.step}, folder / fileOf(profile));
    saveTensors(named(state.adam), folder / "optimizer.safetensors");
    const nlohmann::ordered_json json{{"step", state.step}, {"optimizer_steps", state.adam.steps()}};
    writeFileAtomically(folder / "state.json", json.dump(2) + "\n");
}

void loadCheckpoint(TrainState& state, const std::filesystem::path& folder) {
    loadParameters(state.online.parameters(), folder / "weights.safetensors");
    loadParameters(state.average.parameters(), folder / "ema.safetensors");
    for (const PowerEma::Profile& profile : state.further.profiles())
        loadParameters(profile.average, folder / fileOf(profile));
    loadTensors(named(state.adam), folder / "optimizer.safetensors");
    const std::filesystem::path path = folder / "state.json";
    try {
        const auto json = nlohmann::json::parse(readFile(path, 1 << 20));
        state.step = count(json, "step");
        state.adam.setSteps(count(json, "optimizer_steps"));
    } catch (const nlohmann::json::exception& problem) {
        throw EngineError(fmt::format("the state of the checkpoint cannot be read: {}", reasonOf(problem)),
                          path.string(), "delete this checkpoint to fall back to the one before");
    }
}

}  // namespace denoscope
