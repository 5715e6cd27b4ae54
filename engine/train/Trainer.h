// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "engine/api/Messages.h"
#include "engine/data/BatchLoader.h"
#include "engine/diffusion/Loss.h"
#include "engine/train/Spoiled.h"
#include "engine/train/TrainState.h"

namespace denoscope {

// Takes optimiser steps on a TrainState. Everything random in step n is a function of (seed, n), so steps
// after a resume equal the steps that would have followed. Lives on the engine thread; its loader has a
// thread of its own.
class Trainer {
public:
    // `config` is resolved; `state` outlives the trainer.
    Trainer(TrainState& state, const RunConfig& config, std::shared_ptr<const Dataset> dataset);

    // One step, or nothing when `interrupted` (asked between network calls) says so; the state is then
    // untouched. A loss or gradient that is not finite throws NotFinite, an item that cannot be read throws
    // EngineError, both before anything is updated. Where memory runs out the step is taken again with
    // batches in pieces of half as many items, which from then on stays so; where even one item does not fit
    // it throws EngineError. Whatever goes wrong while weights are updated throws Spoiled.
    std::optional<MetricRow> step(const std::function<bool()>& interrupted);

    // Settings that may change between steps (those marked Applies::Live).
    void setTraining(const TrainingConfig& training) { m_config.training = training; }

    // Items that are computed at once: the batch, or what training.micro_batch or a lack of memory made of
    // it.
    std::int64_t microBatch() const;

private:
    std::optional<MetricRow> attempt(const std::function<bool()>& interrupted);
    Batch nextBatch(MetricRow& row);
    LossDraws draw(const at::Tensor& clean, std::int64_t firstItem) const;
    TrainingBatch prepared(const Batch& batch, std::int64_t firstItem) const;
    void addGradients(const TrainingBatch& piece, MetricRow& row);
    void update(MetricRow& row);
    double averageDecay() const;
    void dropGradients();
    void takeSmallerPieces(const std::string& reason);

    TrainState& m_state;
    std::vector<Parameter> m_online, m_average;  // of the state's models, listed once
    RunConfig m_config;
    std::shared_ptr<const Dataset> m_dataset;
    std::unique_ptr<BatchLoader> m_loader;  // positioned at m_state.step; dropped when a step does not end
};

}  // namespace denoscope
