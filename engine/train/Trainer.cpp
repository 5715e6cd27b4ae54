// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/Trainer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cmath>

#include "engine/api/MicroBatch.h"
#include "engine/core/Compute.h"
#include "engine/core/Noise.h"
#include "engine/core/TensorMemory.h"
#include "engine/core/Tensors.h"
#include "engine/kernels/LackOfMemory.h"
#include "engine/train/LearningRate.h"
#include "engine/train/Update.h"

namespace denoscope {
namespace {

using Clock = std::chrono::steady_clock;

// What an exception in the middle of an update comes to.
Spoiled spoiledBy(const std::exception& error, std::int64_t step) {
    Error told{error.what(), "", "continue from the last checkpoint"};
    told.what = told.what.substr(0, told.what.find('\n'));  // LibTorch's go on with a backtrace
    if (const auto* known = dynamic_cast<const EngineError*>(&error))
        told = known->error();
    else if (kernels::isLackOfMemory(error))
        told = {"memory ran out", "", "close other programs and continue"};
    return {told.what + " while the weights were updated", fmt::format("step {}", step), told.remedy};
}

double secondsSince(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

}  // namespace

Trainer::Trainer(TrainState& state, const RunConfig& config, std::shared_ptr<const Dataset> dataset)
    : m_state(state),
      m_online(state.online.parameters()),
      m_average(state.average.parameters()),
      m_config(config),
      m_dataset(std::move(dataset)) {}

Batch Trainer::nextBatch(MetricRow& row) {
    const auto start = Clock::now();
    const TrainingConfig& training = m_config.training;
    if (!m_loader)
        m_loader = std::make_unique<BatchLoader>(m_dataset, m_config,
                                                 m_state.step * training.batchSize * training.accumulation);
    Batch batch = m_loader->next();
    row.waitedForData += secondsSince(start);
    return batch;
}

LossDraws Trainer::draw(const at::Tensor& clean, std::int64_t firstItem) const {
    const auto seed = static_cast<std::uint64_t>(m_config.training.seed);
    const auto keys = [&](Stream stream) { return itemKeys(seed, stream, firstItem, clean.size(0)); };
    std::vector<double> times;
    for (const std::uint64_t key : keys(Stream::Sigma))
        times.push_back(m_state.online.process.schedule().draw(key));
    LossDraws draws;
    draws.times = at::tensor(times, at::kDouble);
    draws.noise = standardNormalRows(clean.sizes().slice(1).vec(), keys(Stream::Noise));
    if (m_config.noise.offsetNoise > 0)
        draws.offset = standardNormalRows({clean.size(1)}, keys(Stream::Offset));
    // Half of the batches see an estimate of their own (Chen et al. 2022, arXiv:2208.04202, section 2.2).
    draws.conditionsOnItself =
        unitOf(keyOf(seed, Stream::SelfCondition, {static_cast<std::uint64_t>(firstItem)})) < 0.5;
    draws.dropoutKeys = keys(Stream::Dropout);
    return draws;
}

// A batch whose first item is number `firstItem` of the whole training sequence.
TrainingBatch Trainer::prepared(const Batch& batch, std::int64_t firstItem) const {
    const auto seed = static_cast<std::uint64_t>(m_config.training.seed);
    const at::Tensor clean = toTensor(batch.values);
    std::vector<int> labels = batch.labels;
    const std::vector<std::uint64_t> keys =
        itemKeys(seed, Stream::LabelDropout, firstItem, std::ssize(labels));
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (unitOf(keys[i]) < m_config.training.labelDropout)
            labels[i] = -1;
    return trainingBatch(m_config.noise, clean, draw(clean, firstItem),
                         oneHot(labels, m_state.online.network->classes()));
}

void Trainer::dropGradients() {
    for (const Parameter& parameter : m_state.adam.parameters())
        parameter.value.mutable_grad().reset();
}

// What the average keeps at the step that was just done.
double Trainer::averageDecay() const {
    const TrainingConfig& training = m_config.training;
    switch (training.ema) {
        case EmaKind::Warmup: {
            WarmupEma ema;  // of the package's trainer, which counts its updates from 0
            ema.beta = training.emaBeta;
            ema.updateEvery = training.emaEvery;
            return warmupDecay(ema, m_state.step - 1);
        }
        case EmaKind::Power:
            return powerDecay(m_state.step, gammaOf(training.emaWidth));
        default:
            return emaDecay(m_state.step, training.emaHalfLife);
    }
}

// Adds the share that a piece of a batch has in the step's mean loss, and its gradient.
void Trainer::addGradients(const TrainingBatch& piece, MetricRow& row) {
    const TrainingConfig& training = m_config.training;
    at::Tensor loss;
    {
        const ComputeScope compute(training);
        loss = losses(m_state.online, piece).sum() /
               static_cast<double>(training.batchSize * training.accumulation);
    }
    row.loss += loss.item<double>();
    if (!std::isfinite(row.loss))
        throw NotFinite("the loss is not finite", fmt::format("step {}", row.step),
                        "continue from the last checkpoint with a lower training.learning_rate");
    loss.backward();
}

// With the gradients of all its batches: takes the step.
void Trainer::update(MetricRow& row) {
    const TrainingConfig& training = m_config.training;
    const ComputeScope compute(Precision::Float32, training.kernels);
    row.gradientNorm = gradientNorm(m_state.adam.parameters(), fmt::format("step {}", row.step));
    if (training.clipNorm > 0 && row.gradientNorm > training.clipNorm)
        for (const Parameter& parameter : m_state.adam.parameters())
            if (parameter.value.grad().defined())
                parameter.value.mutable_grad().mul_(training.clipNorm / row.gradientNorm);
    try {  // from here on there is no way back to the step before
        ++m_state.step;
        std::vector<AveragedWeights> averages{{m_average, averageDecay()}};
        for (const PowerEma::Profile& profile : m_state.further.profiles())
            averages.push_back({profile.average, powerDecay(m_state.step, profile.gamma)});
        updateWeights(m_state.adam, training, row.learningRate, m_online, averages);
        m_state.online.network->normalizeWeights();
    } catch (const std::exception& error) {
        throw spoiledBy(error, row.step);
    }
}

std::int64_t Trainer::microBatch() const {
    return microBatchOf(m_config.training);
}

// Called where memory ran out: drops what the step had so far.
void Trainer::takeSmallerPieces(const std::string& reason) {
    m_loader.reset();
    dropGradients();
    tensorMemory::releaseUnused();
    if (microBatch() == 1)
        throw EngineError(reason + ", for one item at a time", fmt::format("step {}", m_state.step + 1),
                          fmt::format("make data.size or model.width smaller{}, or close other programs and "
                                      "continue",
                                      m_config.training.recompute ? "" : ", switch training.recompute on"));
    m_config.training.microBatch = (microBatch() + 1) / 2;
}

std::optional<MetricRow> Trainer::step(const std::function<bool()>& interrupted) {
    for (;;) {
        try {
            std::optional<MetricRow> row = attempt(interrupted);
            if (!row)
                m_loader.reset();
            return row;
        } catch (const OutOfMemory& error) {
            takeSmallerPieces(error.error().what);
        } catch (const std::exception& error) {
            if (!kernels::isLackOfMemory(error)) {
                m_loader.reset();
                throw;
            }
            takeSmallerPieces("memory ran out");
        }
    }
}

std::optional<MetricRow> Trainer::attempt(const std::function<bool()>& interrupted) {
    const auto start = Clock::now();
    const TrainingConfig& training = m_config.training;
    MetricRow row;
    row.step = m_state.step + 1;
    row.learningRate = learningRateAt(training, m_state.step);
    row.microBatch = microBatch() < training.batchSize ? microBatch() : 0;
    dropGradients();
    for (std::int64_t i = 0; i < training.accumulation; ++i) {
        const std::int64_t firstItem = (m_state.step * training.accumulation + i) * training.batchSize;
        std::optional<TrainingBatch> batch;
        for (std::int64_t first = 0; first < training.batchSize; first += microBatch()) {
            if (interrupted())
                return std::nullopt;
            if (!batch)
                batch = prepared(nextBatch(row), firstItem);
            addGradients(batch->rows(first, std::min(microBatch(), training.batchSize - first)), row);
        }
    }
    update(row);
    row.seconds = secondsSince(start);
    return row;
}

}  // namespace denoscope
