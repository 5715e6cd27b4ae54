// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/BetaSchedule.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <numbers>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

constexpr double largestBeta = 0.999;

// From a falling alphaBar(share of the time), share 0 .. 1.
std::vector<double> betasOf(const std::function<double(double)>& alphaBar, std::int64_t timesteps) {
    std::vector<double> result;
    const auto share = [&](std::int64_t t) {
        return static_cast<double>(t) / static_cast<double>(timesteps);
    };
    for (std::int64_t t = 0; t < timesteps; ++t)
        result.push_back(std::clamp(1 - alphaBar(share(t + 1)) / alphaBar(share(t)), 0.0, largestBeta));
    return result;
}

double cosineAlphaBar(double share) {
    constexpr double offset = 0.008;
    const double cosine = std::cos((share + offset) / (1 + offset) * std::numbers::pi / 2);
    return cosine * cosine;
}

double sigmoidAlphaBar(double share) {
    constexpr double start = -3, end = 3;
    const auto sigmoid = [](double x) { return 1 / (1 + std::exp(-x)); };
    return sigmoid(end) - sigmoid(start + share * (end - start));
}

std::vector<double> linearBetas(std::int64_t timesteps) {
    const double scale = 1000.0 / static_cast<double>(timesteps);
    const double first = scale * 1e-4, last = scale * 0.02;
    std::vector<double> result;
    for (std::int64_t t = 0; t < timesteps; ++t) {
        const double share = timesteps > 1 ? static_cast<double>(t) / static_cast<double>(timesteps - 1) : 0;
        result.push_back(std::min(first + share * (last - first), largestBeta));
    }
    return result;
}

}  // namespace

std::vector<double> betas(NoiseShape shape, std::int64_t timesteps) {
    switch (shape) {
        case NoiseShape::Linear:
            return linearBetas(timesteps);
        case NoiseShape::Cosine:
            return betasOf(cosineAlphaBar, timesteps);
        case NoiseShape::Sigmoid:
            return betasOf(sigmoidAlphaBar, timesteps);
        case NoiseShape::Learned:
            break;
    }
    throw EngineError("a learned schedule has no discrete steps", "noise.schedule",
                      "set noise.process to continuous, or noise.schedule to linear, cosine or sigmoid");
}

BetaSchedule::BetaSchedule(std::vector<double> betas) : m_betas(std::move(betas)) {
    double alphaBar = 1;
    for (const double beta : m_betas) {
        alphaBar *= 1 - beta;
        m_alphaBars.push_back(alphaBar);
        m_sigmas.push_back(std::sqrt(1 / alphaBar - 1));
    }
}

double BetaSchedule::alphaBarBefore(std::int64_t t) const {
    return t == 0 ? 1 : m_alphaBars[static_cast<std::size_t>(t) - 1];
}

Posterior<double> BetaSchedule::posterior(std::int64_t t) const {
    const auto i = static_cast<std::size_t>(t);
    return posteriorOf(m_alphaBars[i], alphaBarBefore(t), m_betas[i]);
}

double BetaSchedule::sigmaAt(double time) const {
    const double last = static_cast<double>(m_sigmas.size() - 1);
    const double inside = std::clamp(time, 0.0, last);
    const double below = std::floor(inside), share = inside - below;
    const auto i = static_cast<std::size_t>(below);
    if (share == 0)
        return m_sigmas[i];
    return std::exp(std::lerp(std::log(m_sigmas[i]), std::log(m_sigmas[i + 1]), share));
}

double BetaSchedule::timeOf(double sigma) const {
    const auto above = std::ranges::lower_bound(m_sigmas, sigma);
    if (above == m_sigmas.end())
        return static_cast<double>(m_sigmas.size() - 1);
    const auto i = static_cast<double>(above - m_sigmas.begin());
    if (*above == sigma || above == m_sigmas.begin())
        return i;
    const double low = std::log(*(above - 1)), high = std::log(*above);
    return i - 1 + (std::log(sigma) - low) / (high - low);
}

}  // namespace denoscope
