// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/Trainer.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <chrono>
#include <cmath>

#include "engine/core/Compute.h"
#include "engine/core/Noise.h"
#include "engine/core/Tensors.h"
#include "engine/train/Ema.h"
#include "engine/train/LearningRate.h"

namespace denoscope {
namespace {

using Clock = std::chrono::steady_clock;

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
    const auto first = static_cast<std::uint64_t>(firstItem);
    std::vector<std::uint64_t> noiseKeys, offsetKeys;
    std::vector<double> times;
    for (std::uint64_t item = first; item < first + static_cast<std::uint64_t>(clean.size(0)); ++item) {
        noiseKeys.push_back(keyOf(seed, Stream::Noise, {item}));
        offsetKeys.push_back(keyOf(seed, Stream::Offset, {item}));
        times.push_back(m_state.online.process.schedule().draw(keyOf(seed, Stream::Sigma, {item})));
    }
    LossDraws draws;
    draws.times = at::tensor(times, at::kDouble);
    draws.noise = standardNormalRows(clean.sizes().slice(1).vec(), noiseKeys);
    if (m_config.noise.offsetNoise > 0)
        draws.offset = standardNormalRows({clean.size(1)}, offsetKeys);
    // Half of the batches see an estimate of their own (Chen et al. 2022, arXiv:2208.04202, section 2.2).
    draws.conditionsOnItself = unitOf(keyOf(seed, Stream::SelfCondition, {first})) < 0.5;
    return draws;
}

// The mean loss of a batch whose first item is number `firstItem` of the whole training sequence.
at::Tensor Trainer::batchLoss(const Batch& batch, std::int64_t firstItem) {
    const auto seed = static_cast<std::uint64_t>(m_config.training.seed);
    const auto first = static_cast<std::uint64_t>(firstItem);
    const at::Tensor clean = toTensor(batch.values);
    std::vector<int> labels = batch.labels;
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (unitOf(keyOf(seed, Stream::LabelDropout, {first + i})) < m_config.training.labelDropout)
            labels[i] = -1;
    const LossDraws draws = draw(clean, firstItem);
    seedDropout(keyOf(seed, Stream::Dropout, {first}));
    const ComputeScope compute(m_config.training);
    return losses(m_state.online, clean, draws, oneHot(labels, m_state.online.network->classes())).mean();
}

void Trainer::dropGradients() {
    for (const Parameter& parameter : m_state.adam.parameters())
        parameter.value.mutable_grad().reset();
}

double Trainer::gradientNorm() const {
    double sum = 0;
    for (const Parameter& parameter : m_state.adam.parameters()) {
        const at::Tensor gradient = parameter.value.grad();
        if (!gradient.defined())
            continue;
        const double norm = gradient.norm().item<double>();
        if (!std::isfinite(norm))
            throw NotFinite(fmt::format("the gradient of '{}' is not finite", parameter.name),
                            fmt::format("step {}", m_state.step + 1),
                            "continue from the last checkpoint with a lower training.learning_rate or with "
                            "training.clip_norm = 1");
        sum += norm * norm;
    }
    return std::sqrt(sum);
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

void Trainer::updateAverages() {
    updateEma(m_average, m_online, averageDecay());
    m_state.further.update(m_online, m_state.step);
}

std::optional<MetricRow> Trainer::step(const std::function<bool()>& interrupted) {
    try {
        std::optional<MetricRow> row = attempt(interrupted);
        if (!row)
            m_loader.reset();
        return row;
    } catch (...) {
        m_loader.reset();
        throw;
    }
}

std::optional<MetricRow> Trainer::attempt(const std::function<bool()>& interrupted) {
    const auto start = Clock::now();
    const TrainingConfig& training = m_config.training;
    MetricRow row;
    row.step = m_state.step + 1;
    row.learningRate = learningRateAt(training, m_state.step);
    dropGradients();
    for (std::int64_t i = 0; i < training.accumulation; ++i) {
        if (interrupted())
            return std::nullopt;
        const Batch batch = nextBatch(row);
        const std::int64_t firstItem = (m_state.step * training.accumulation + i) * training.batchSize;
        const at::Tensor loss = batchLoss(batch, firstItem) / static_cast<double>(training.accumulation);
        row.loss += loss.item<double>();
        if (!std::isfinite(row.loss))
            throw NotFinite("the loss is not finite", fmt::format("step {}", row.step),
                            "continue from the last checkpoint with a lower training.learning_rate");
        loss.backward();
    }
    row.gradientNorm = gradientNorm();
    if (training.clipNorm > 0 && row.gradientNorm > training.clipNorm)
        for (const Parameter& parameter : m_state.adam.parameters())
            if (parameter.value.grad().defined())
                parameter.value.mutable_grad().mul_(training.clipNorm / row.gradientNorm);
    m_state.adam.step(training, row.learningRate);
    ++m_state.step;
    updateAverages();
    m_state.online.network->normalizeWeights();
    row.seconds = secondsSince(start);
    return row;
}

}  // namespace denoscope
