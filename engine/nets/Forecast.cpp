// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/api/Forecast.h"

#include <fmt/format.h>

#include <algorithm>

#include "engine/api/FramePlan.h"
#include "engine/api/MicroBatch.h"
#include "engine/core/SystemMemory.h"
#include "engine/nets/NetworkPlan.h"

namespace denoscope {
namespace {

// What LibTorch and its libraries occupy before the first tensor.
constexpr std::int64_t programBytes = std::int64_t{300} << 20;

constexpr double bytesPerValue = 4;  // of weights, whatever the precision

std::int64_t bytesOf(double values, double activationBytes) {
    constexpr double most = 9e18;  // just below what 64 bits hold
    return programBytes + static_cast<std::int64_t>(std::min(values * bytesPerValue + activationBytes, most));
}

// Float32 values of the run that is open, whatever it does: weights, two Adam moments, the averages.
double heldByRun(const RunConfig& config, double parameters) {
    const bool second = config.training.ema == EmaKind::Power && config.training.emaSecondWidth > 0;
    return parameters * (second ? 5 : 4);
}

// What fused kernels keep of the weights while they sample: Winograd's six points of every three taps, or
// halves.
double packedForSamples(const RunConfig& config, double parameters) {
    if (config.model.family != ModelFamily::Karras || config.training.kernels != Kernels::Fused)
        return 0;
    return config.training.precision == Precision::BFloat16 ? parameters / 2 : parameters * 2;
}

// The distance of every item of a batch to every noise, as LibTorch gives it and twice as float64 for the
// assignment (engine/diffusion/Immiscible.cpp).
double matchingValues(const NoiseConfig& noise, double batch) {
    return noise.immiscible ? batch * batch * 5 : 0;
}

// What a request collects: its items, and the frames that show how they came about.
double drawnValues(const SamplingConfig& sampling, double item) {
    constexpr double largest = 1e18;  // of an item, so that it fits 64 bits
    const FramePlan plan = framePlan(std::clamp<std::int64_t>(sampling.steps, 1, 1 << 30), sampling.count,
                                     static_cast<std::int64_t>(std::min(item, largest)));
    return item * static_cast<double>(sampling.count + 2 * plan.items * plan.frames);
}

// An average made afterwards: the model that it fills, one snapshot, and the sum in float64.
double reconstructionValues(const SamplingConfig& sampling, double parameters) {
    return sampling.useEma && sampling.emaWidth > 0 ? parameters * 4 : 0;
}

double gibibytes(std::int64_t bytes) {
    return static_cast<double>(bytes) / (1 << 30);
}

}  // namespace

Forecast forecast(const RunConfig& config, int channels, int classes) {
    const NetworkPlan plan = makeNetworkPlan(networkOptions(config, channels, classes));
    Forecast result;
    result.parameters = parameterCount(plan);
    result.macs = macs(plan);
    const auto parameters = static_cast<double>(result.parameters);
    double item = channels;
    for (const std::int64_t extent : config.data.size)
        item *= static_cast<double>(extent);
    const TrainingConfig& training = config.training;
    const double held = heldByRun(config, parameters);
    const double gradients = parameters;  // before them, what LibTorch's graph holds of normalised weights
    result.trainingBytes =
        bytesOf(held + gradients + matchingValues(config.noise, static_cast<double>(training.batchSize)),
                keptBytes(plan, training) * static_cast<double>(microBatchOf(training)));
    const double together = static_cast<double>(std::min(config.sampling.count, itemsAtOnce));
    result.samplingBytes =
        bytesOf(held + packedForSamples(config, parameters) + drawnValues(config.sampling, item) +
                    reconstructionValues(config.sampling, parameters),
                sampledBytes(plan, training) * together);
    result.availableBytes = systemMemory().available;
    return result;
}

std::optional<Error> refusal(const Forecast& forecast, Activity activity) {
    const bool trains = activity == Activity::Training;
    const std::int64_t needed = trains ? forecast.trainingBytes : forecast.samplingBytes;
    if (forecast.availableBytes == 0 || needed <= forecast.availableBytes)
        return std::nullopt;
    return Error{
        fmt::format("{} would need about {:.1f} GiB and {:.1f} GiB are free",
                    trains ? "training" : "sampling", gibibytes(needed), gibibytes(forecast.availableBytes)),
        "memory",
        trains ? "make training.micro_batch smaller or switch training.recompute on; else make data.size or "
                 "model.width smaller"
               : "make sampling.count smaller or close other programs"};
}

}  // namespace denoscope
