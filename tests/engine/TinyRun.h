// SPDX-License-Identifier: GPL-3.0-or-later
// A tiny run on built-in data, and how two states of training compare.
#pragma once

#include <ATen/ATen.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/data/Dataset.h"
#include "engine/train/Trainer.h"
#include "tests/engine/TinyConfig.h"

namespace denoscope {

struct TinyRun {
    std::shared_ptr<const Dataset> dataset;
    RunConfig config;  // resolved

    explicit TinyRun(const RunConfig& unresolved)
        : dataset(openDataset(unresolved.data)), config(resolve(unresolved, *dataset)) {}

    std::unique_ptr<TrainState> state() const {
        return std::make_unique<TrainState>(config, dataset->facts());
    }
    Trainer trainer(TrainState& state) const { return Trainer(state, config, dataset); }
};

inline bool never() {
    return false;
}

inline std::vector<MetricRow> train(Trainer& trainer, int steps) {
    std::vector<MetricRow> rows;
    for (int i = 0; i < steps; ++i)
        rows.push_back(trainer.step(never).value());
    return rows;
}

// Every tensor of a state under a name that tells which it is, as copies.
inline std::vector<std::pair<std::string, at::Tensor>> copyOf(TrainState& state) {
    std::vector<std::pair<std::string, at::Tensor>> tensors;
    for (const Parameter& parameter : state.online.parameters())
        tensors.emplace_back("online " + parameter.name, parameter.value.detach().clone());
    for (const Parameter& parameter : state.average.parameters())
        tensors.emplace_back("average " + parameter.name, parameter.value.detach().clone());
    for (const PowerEma::Profile& profile : state.further.profiles())
        for (const Parameter& parameter : profile.average)
            tensors.emplace_back("further " + parameter.name, parameter.value.clone());
    for (std::size_t i = 0; i < state.adam.moments().size(); ++i) {
        tensors.emplace_back("first " + state.adam.parameters()[i].name,
                             state.adam.moments()[i].first.clone());
        tensors.emplace_back("second " + state.adam.parameters()[i].name,
                             state.adam.moments()[i].second.clone());
    }
    tensors.emplace_back("step", at::scalar_tensor(state.step, at::kLong));
    tensors.emplace_back("optimiser steps", at::scalar_tensor(state.adam.steps(), at::kLong));
    return tensors;
}

// The name of the first tensor of the two states that differs by more than `tolerance` anywhere (0: bit for
// bit, so that NaN equals NaN); empty when none does.
inline std::string difference(const std::vector<std::pair<std::string, at::Tensor>>& a,
                              const std::vector<std::pair<std::string, at::Tensor>>& b,
                              double tolerance = 0) {
    if (a.size() != b.size())
        return "number of tensors";
    for (std::size_t i = 0; i < a.size(); ++i) {
        const bool same = tolerance > 0 ? at::allclose(a[i].second, b[i].second, tolerance, tolerance)
                                        : at::allclose(a[i].second, b[i].second, 0, 0, true);
        if (a[i].first != b[i].first || !same)
            return a[i].first;
    }
    return {};
}

}  // namespace denoscope
