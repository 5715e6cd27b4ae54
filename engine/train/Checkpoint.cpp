// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "engine/api/Error.h"
#include "engine/core/Files.h"
#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"
#include "engine/train/Ema.h"
#include "engine/train/TrainState.h"

namespace denoscope {
namespace {

using NamedTensors = std::map<std::string, at::Tensor>;

NamedTensors named(const std::vector<Parameter>& parameters) {
    NamedTensors result;
    for (const Parameter& parameter : parameters)
        result.emplace(parameter.name, parameter.value);
    return result;
}

NamedTensors named(Adam& adam) {
    NamedTensors result;
    for (std::size_t i = 0; i < adam.parameters().size(); ++i) {
        result.emplace("exp_avg." + adam.parameters()[i].name, adam.moments()[i].first);
        result.emplace("exp_avg_sq." + adam.parameters()[i].name, adam.moments()[i].second);
    }
    return result;
}

void save(const NamedTensors& tensors, const std::filesystem::path& path) {
    std::map<std::string, StoredTensor> stored;
    NamedTensors contiguous;  // keeps the bytes alive while they are written
    for (const auto& [name, tensor] : tensors) {
        const at::Tensor& plain = contiguous[name] = tensor.detach().to(at::kCPU).contiguous();
        stored.emplace(name, toStored(plain));
    }
    writeSafetensors(path, stored, {{"format", "pt"}});
}

void load(const NamedTensors& tensors, const std::filesystem::path& path) {
    const SafetensorsFile file(path);
    for (const auto& [name, tensor] : tensors)
        copyStored(file.at(name), name, tensor);
    for (const auto& [name, stored] : file.tensors())
        if (!tensors.contains(name))
            throw EngineError("unexpected tensor '" + name + "'", path.string(),
                              "the file belongs to another model");
}

}  // namespace

TrainState::TrainState(const KarrasPlan& plan, std::uint64_t seed)
    : online(plan, seed), average(plan, seed), adam([this] {
          std::vector<Parameter> trained;
          for (const Parameter& parameter : online.parameters())
              if (parameter.trained)
                  trained.push_back(parameter);
          return trained;
      }()) {
    for (const Parameter& parameter : average.parameters())
        parameter.value.requires_grad_(false);
    online.normalizeWeights();
    average.normalizeWeights();
}

int classCount(const RunConfig& config, const DataFacts& facts) {
    return config.data.useLabels ? static_cast<int>(facts.labels.size()) : 0;
}

KarrasPlan planFor(const RunConfig& config, const DataFacts& facts) {
    return makeKarrasPlan({config.model, config.data.size, facts.channels(), classCount(config, facts), {}});
}

void saveCheckpoint(TrainState& state, const std::filesystem::path& folder) {
    save(named(state.online.parameters()), folder / "weights.safetensors");
    save(named(state.average.parameters()), folder / "ema.safetensors");
    save(named(state.adam), folder / "optimizer.safetensors");
    const nlohmann::ordered_json json{{"step", state.step}, {"optimizer_steps", state.adam.steps()}};
    writeFileAtomically(folder / "state.json", json.dump(2) + "\n");
}

void loadCheckpoint(TrainState& state, const std::filesystem::path& folder) {
    load(named(state.online.parameters()), folder / "weights.safetensors");
    load(named(state.average.parameters()), folder / "ema.safetensors");
    load(named(state.adam), folder / "optimizer.safetensors");
    const std::filesystem::path path = folder / "state.json";
    try {
        const auto json = nlohmann::json::parse(readFile(path, 1 << 20));
        state.step = json.at("step").get<std::int64_t>();
        state.adam.setSteps(json.at("optimizer_steps").get<std::int64_t>());
    } catch (const nlohmann::json::exception& problem) {
        throw EngineError(fmt::format("the state of the checkpoint cannot be read: {}", problem.what()),
                          path.string(), "delete this checkpoint to fall back to the one before");
    }
}

}  // namespace denoscope
