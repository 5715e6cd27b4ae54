// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/Update.h"

#include <ATen/ATen.h>
#include <ATen/Parallel.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "engine/core/Compute.h"
#include "engine/kernels/Layout.h"
#include "engine/kernels/UpdateLoops.h"
#include "engine/train/Ema.h"
#include "engine/train/Spoiled.h"

namespace denoscope {
namespace {

constexpr std::int64_t pieceSize = 8192;  // elements: what a step needs of them fits a core's own cache

bool isPlainMemory(const at::Tensor& tensor) {
    return tensor.device().is_cpu() && tensor.scalar_type() == at::kFloat && tensor.is_contiguous();
}

std::vector<at::Tensor> trainedOf(const std::vector<Parameter>& parameters) {
    std::vector<at::Tensor> trained;
    for (const Parameter& parameter : parameters)
        if (parameter.trained)
            trained.push_back(parameter.value);
    return trained;
}

// Contiguous, in the order of the parameters; undefined where there is none.
std::vector<at::Tensor> gradientsOf(const std::vector<Parameter>& parameters) {
    std::vector<at::Tensor> gradients;
    for (const Parameter& parameter : parameters) {
        const at::Tensor gradient = parameter.value.grad();
        gradients.push_back(gradient.defined() ? gradient.contiguous() : gradient);
    }
    return gradients;
}

bool allPlainMemory(const std::vector<at::Tensor>& tensors) {
    return std::ranges::all_of(
        tensors, [](const at::Tensor& tensor) { return !tensor.defined() || isPlainMemory(tensor); });
}

// A stretch of a parameter.
struct Piece {
    std::size_t parameter;
    std::int64_t first, count;
};

std::vector<Piece> piecesOf(const std::vector<at::Tensor>& tensors) {
    std::vector<Piece> pieces;
    for (std::size_t i = 0; i < tensors.size(); ++i) {
        const std::int64_t size = tensors[i].defined() ? tensors[i].numel() : 0;
        for (std::int64_t first = 0; first < size; first += pieceSize)
            pieces.push_back({i, first, std::min(pieceSize, size - first)});
    }
    return pieces;
}

template <class F>
void forPieces(const std::vector<Piece>& pieces, const F& f) {
    constexpr std::int64_t atLeast = 2;  // for a thread
    at::parallel_for(0, std::ssize(pieces), atLeast, [&](std::int64_t begin, std::int64_t end) {
        for (std::int64_t i = begin; i < end; ++i)
            f(static_cast<std::size_t>(i), pieces[static_cast<std::size_t>(i)]);
    });
}

float* memoryOf(const at::Tensor& tensor, const Piece& piece) {
    return tensor.data_ptr<float>() + piece.first;
}

kernels::AdamRule ruleOf(const TrainingConfig& training, double learningRate, std::int64_t steps) {
    const auto t = static_cast<double>(steps);
    const bool decoupled = training.optimizer == OptimizerKind::AdamW;
    kernels::AdamRule rule;
    rule.shrink = static_cast<float>(decoupled ? 1 - learningRate * training.weightDecay : 1);
    rule.pull = static_cast<float>(decoupled ? 0 : training.weightDecay);
    rule.newFirst = static_cast<float>(1 - training.beta1);
    rule.keptSecond = static_cast<float>(training.beta2);
    rule.newSecond = static_cast<float>(1 - training.beta2);
    rule.rate = static_cast<float>(learningRate / (1 - std::pow(training.beta1, t)));
    rule.secondScale = static_cast<float>(1 / std::sqrt(1 - std::pow(training.beta2, t)));
    rule.epsilon = static_cast<float>(training.epsilon);
    return rule;
}

struct FusedAverage {
    std::vector<at::Tensor> weights;  // as the optimiser's parameters
    float share;
};

// False where the kernels cannot do it; nothing is changed then.
bool updateFused(Adam& adam, const TrainingConfig& training, double learningRate,
                 const std::vector<AveragedWeights>& averages) {
    const std::vector<at::Tensor> gradients = gradientsOf(adam.parameters());
    std::vector<at::Tensor> weights;
    for (const Parameter& parameter : adam.parameters())
        weights.push_back(parameter.value);
    std::vector<FusedAverage> moved;
    bool possible = allPlainMemory(gradients) && allPlainMemory(weights);
    for (const AveragedWeights& average : averages) {
        if (average.decay == 1)
            continue;
        moved.push_back({trainedOf(average.weights), static_cast<float>(1 - average.decay)});
        possible =
            possible && allPlainMemory(moved.back().weights) && moved.back().weights.size() == weights.size();
    }
    if (!possible)
        return false;
    adam.setSteps(adam.steps() + 1);
    const kernels::AdamRule rule = ruleOf(training, learningRate, adam.steps());
    const kernels::UpdateLoops& loops = kernels::updateLoops();
    forPieces(piecesOf(weights), [&](std::size_t, const Piece& piece) {
        const std::size_t i = piece.parameter;
        float* const w = memoryOf(weights[i], piece);
        const Adam::Moments& moments = adam.moments()[i];
        if (gradients[i].defined())
            loops.adam(w, memoryOf(gradients[i], piece), memoryOf(moments.first, piece),
                       memoryOf(moments.second, piece), piece.count, rule);
        for (const FusedAverage& average : moved)
            loops.average(memoryOf(average.weights[i], piece), w, piece.count, average.share);
    });
    std::ranges::for_each(weights, kernels::markChanged);
    for (const FusedAverage& average : moved)
        std::ranges::for_each(average.weights, kernels::markChanged);
    return true;
}

// Of every parameter the sum of its squared gradients.
std::vector<double> squaredNorms(const std::vector<Parameter>& parameters) {
    std::vector<double> sums(parameters.size(), 0);
    const std::vector<at::Tensor> gradients = gradientsOf(parameters);
    if (fusedKernels() && allPlainMemory(gradients)) {
        const std::vector<Piece> pieces = piecesOf(gradients);
        std::vector<double> ofPieces(pieces.size());
        forPieces(pieces, [&](std::size_t i, const Piece& piece) {
            ofPieces[i] =
                kernels::updateLoops().squares(memoryOf(gradients[piece.parameter], piece), piece.count);
        });
        for (std::size_t i = 0; i < pieces.size(); ++i)
            sums[pieces[i].parameter] += ofPieces[i];
        return sums;
    }
    for (std::size_t i = 0; i < gradients.size(); ++i)
        if (gradients[i].defined()) {
            const double norm = gradients[i].norm().item<double>();
            sums[i] = norm * norm;
        }
    return sums;
}

}  // namespace

void updateWeights(Adam& adam, const TrainingConfig& training, double learningRate,
                   const std::vector<Parameter>& online, const std::vector<AveragedWeights>& averages) {
    const at::NoGradGuard noGrad;
    if (!fusedKernels() || !updateFused(adam, training, learningRate, averages)) {
        adam.step(training, learningRate);
        for (const AveragedWeights& average : averages)
            updateEma(average.weights, online, average.decay);
        return;
    }
    for (const AveragedWeights& average : averages)
        if (average.decay < 1)
            copyConstants(average.weights, online);
}

double gradientNorm(const std::vector<Parameter>& parameters, const std::string& where) {
    const std::vector<double> sums = squaredNorms(parameters);
    for (std::size_t i = 0; i < sums.size(); ++i)
        if (!std::isfinite(sums[i]))
            throw NotFinite(fmt::format("the gradient of '{}' is not finite", parameters[i].name), where,
                            "continue from the last checkpoint with a lower training.learning_rate or with "
                            "training.clip_norm = 1");
    return std::sqrt(std::accumulate(sums.begin(), sums.end(), 0.0));
}

}  // namespace denoscope
