// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/ScheduleBuffers.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace denoscope {
namespace {

std::vector<double> tabulated(std::size_t count, const std::function<double(std::size_t)>& value) {
    std::vector<double> values;
    for (std::size_t t = 0; t < count; ++t)
        values.push_back(value(t));
    return values;
}

double snrAt(const BetaSchedule& schedule, std::size_t t) {
    const double alphaBar = schedule.alphaBars()[t];
    return alphaBar / (1 - alphaBar);
}

// What the (clipped) signal-to-noise ratio is divided by to give the weight.
double divisor(Objective objective, double snr) {
    return objective == Objective::Noise ? snr : objective == Objective::Velocity ? snr + 1 : 1;
}

bool isNear(double a, double b, double tolerance) {
    return std::abs(a - b) <= tolerance * std::max(std::abs(a), std::abs(b));
}

// 4.9999998 of a float32 is what 5 became.
double sixDigits(double value) {
    const double unit = std::pow(10, std::floor(std::log10(value)) - 5);
    return std::round(value / unit) * unit;
}

}  // namespace

std::map<std::string, std::vector<double>> scheduleBuffers(const BetaSchedule& schedule) {
    using Value = std::function<double(std::size_t)>;
    const Value bar = [&](std::size_t t) { return schedule.alphaBars()[t]; };
    const auto step = [](std::size_t t) { return static_cast<std::int64_t>(t); };
    const std::map<std::string, Value> tables{
        {"betas", [&](std::size_t t) { return schedule.betas()[t]; }},
        {"alphas_cumprod", bar},
        {"alphas_cumprod_prev", [&](std::size_t t) { return schedule.alphaBarBefore(step(t)); }},
        {"sqrt_alphas_cumprod", [&](std::size_t t) { return std::sqrt(bar(t)); }},
        {"sqrt_one_minus_alphas_cumprod", [&](std::size_t t) { return std::sqrt(1 - bar(t)); }},
        {"log_one_minus_alphas_cumprod", [&](std::size_t t) { return std::log(1 - bar(t)); }},
        {"sqrt_recip_alphas_cumprod", [&](std::size_t t) { return std::sqrt(1 / bar(t)); }},
        {"sqrt_recipm1_alphas_cumprod", [&](std::size_t t) { return schedule.sigmas()[t]; }},
        {"posterior_variance", [&](std::size_t t) { return schedule.posterior(step(t)).variance; }},
        {"posterior_log_variance_clipped",
         [&](std::size_t t) { return std::log(std::max(schedule.posterior(step(t)).variance, 1e-20)); }},
        {"posterior_mean_coef1", [&](std::size_t t) { return schedule.posterior(step(t)).clean; }},
        {"posterior_mean_coef2", [&](std::size_t t) { return schedule.posterior(step(t)).noisy; }}};
    std::map<std::string, std::vector<double>> buffers;
    for (const auto& [name, value] : tables)
        buffers.emplace(name, tabulated(schedule.betas().size(), value));
    return buffers;
}

std::vector<double> lossWeights(const BetaSchedule& schedule, const NoiseConfig& noise) {
    return tabulated(schedule.betas().size(), [&](std::size_t t) {
        const double snr = snrAt(schedule, t);
        return (noise.minSnr ? std::min(snr, noise.minSnrGamma) : snr) / divisor(noise.objective, snr);
    });
}

std::optional<NoiseShape> shapeOfBetas(const std::vector<double>& values) {
    for (const NoiseShape shape : {NoiseShape::Linear, NoiseShape::Cosine, NoiseShape::Sigmoid})
        if (std::ranges::equal(values, betas(shape, static_cast<std::int64_t>(values.size())),
                               [](double a, double b) { return std::abs(a - b) <= 1e-5; }))
            return shape;
    return std::nullopt;
}

std::optional<LossTraces> tracesOfLoss(const BetaSchedule& schedule, const std::vector<double>& weights) {
    constexpr double tolerance = 1e-4;
    if (weights.size() != schedule.betas().size() || weights.empty())
        return std::nullopt;
    std::optional<LossTraces> clipped;
    for (const Objective objective : {Objective::Noise, Objective::Clean, Objective::Velocity}) {
        const auto ratios = tabulated(weights.size(), [&](std::size_t t) {
            return weights[t] * divisor(objective, snrAt(schedule, t));
        });
        const double largest = std::ranges::max(ratios);
        bool isPlain = true, isClipped = true;
        for (std::size_t t = 0; t < ratios.size(); ++t) {
            const double snr = snrAt(schedule, t);
            isPlain = isPlain && isNear(ratios[t], snr, tolerance);
            isClipped = isClipped && isNear(ratios[t], std::min(snr, largest), tolerance);
        }
        if (isPlain)
            return LossTraces{objective, std::nullopt};
        if (isClipped && largest > 0 && !clipped)
            clipped = LossTraces{objective, sixDigits(largest)};
    }
    return clipped;
}

}  // namespace denoscope
