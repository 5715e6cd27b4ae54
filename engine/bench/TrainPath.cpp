// SPDX-License-Identifier: GPL-3.0-or-later
#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/api/Error.h"
#include "engine/bench/BenchPath.h"
#include "engine/core/Compute.h"
#include "engine/core/Dropout.h"
#include "engine/core/Noise.h"
#include "engine/nets/MakeNetwork.h"
#include "engine/train/Adam.h"
#include "engine/train/Update.h"

namespace denoscope {
namespace {

constexpr std::uint64_t seed = 1;
constexpr double averageDecay = 0.999;

Network::Inputs inputsOf(const BenchCase& of, std::int64_t batch) {
    Shape shape{batch, planOf(of).options.channels};
    shape.insert(shape.end(), of.size.begin(), of.size.end());
    Network::Inputs inputs;
    inputs.x = standardNormal(shape, keyOf(seed, Stream::Noise, {0}));
    inputs.time = standardNormal({batch}, keyOf(seed, Stream::Sigma, {0}));
    return inputs;
}

TrainingConfig trainingOf(Precision precision, Kernels kernels, bool recompute) {
    TrainingConfig training;
    training.precision = precision;
    training.kernels = kernels;
    training.recompute = recompute;
    training.learningRate = 1e-3;
    return training;
}

// The steps of Trainer on a network alone: no data, no noise process.
class TrainPath final : public BenchPath {
public:
    TrainPath(const BenchCase& of, std::int64_t batch, Precision precision, Kernels kernels, bool recompute)
        : m_training(trainingOf(precision, kernels, recompute)),
          m_online(benchNetwork(of)),
          m_average(benchNetwork(of)),
          m_adam(trainedOf(*m_online)),
          m_inputs(inputsOf(of, batch)),
          m_target(standardNormal(m_inputs.x.sizes().vec(), keyOf(seed, Stream::Noise, {1}))) {
        for (const Parameter& parameter : m_average->parameters())
            parameter.value.requires_grad_(false);
    }

    Computed computed() override {
        const at::Tensor loss = lossOf();
        loss.backward();
        const double norm = gradientNorm(m_adam.parameters(), "bench");
        dropGradients();
        return {{loss.detach()}, {at::scalar_tensor(norm, at::kDouble)}};
    }

    void warmUp() override { perform(); }

    void perform() override {
        dropGradients();
        const at::Tensor loss = lossOf();
        if (!std::isfinite(loss.item<double>()))
            throw WorkFailed("the loss is not finite", "bench", "please report this");
        loss.backward();
        const ComputeScope compute(Precision::Float32, m_training.kernels);
        gradientNorm(m_adam.parameters(), "bench");
        updateWeights(m_adam, m_training, m_training.learningRate, m_online->parameters(),
                      {{m_average->parameters(), averageDecay}});
        m_online->normalizeWeights();
    }

private:
    static std::vector<Parameter> trainedOf(const Network& network) {
        std::vector<Parameter> trained = network.parameters();
        std::erase_if(trained, [](const Parameter& parameter) { return !parameter.trained; });
        return trained;
    }

    // Of the next step.
    at::Tensor lossOf() {
        const std::int64_t batch = m_inputs.x.size(0);
        const DropoutScope dropout(itemKeys(seed, Stream::Dropout, m_adam.steps() * batch, batch));
        const ComputeScope compute(m_training);
        return at::mse_loss(m_online->forward(m_inputs, true).to(at::kFloat), m_target);
    }

    void dropGradients() {
        for (const Parameter& parameter : m_adam.parameters())
            parameter.value.mutable_grad().reset();
    }

    TrainingConfig m_training;
    std::unique_ptr<Network> m_online, m_average;
    Adam m_adam;
    Network::Inputs m_inputs;
    at::Tensor m_target;
};

}  // namespace

std::unique_ptr<BenchPath> trainPath(const BenchCase& of, std::int64_t batch, Precision precision,
                                     Kernels kernels, bool recompute) {
    return std::make_unique<TrainPath>(of, batch, precision, kernels, recompute);
}

std::unique_ptr<Network> benchNetwork(const BenchCase& of) {
    std::unique_ptr<Network> network = makeNetwork(planOf(of), seed);
    const at::NoGradGuard noGrad;
    for (const Parameter& parameter : network->parameters())
        if (parameter.value.dim() == 0)
            parameter.value.fill_(0.5);
    return network;
}

}  // namespace denoscope
