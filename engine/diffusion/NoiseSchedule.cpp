// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/NoiseSchedule.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

#include "engine/core/Noise.h"
#include "engine/diffusion/BetaSchedule.h"
#include "engine/diffusion/LogSnr.h"
#include "engine/samplers/Grids.h"

namespace denoscope {
namespace {

double levelOf(const at::Tensor& logSnr) {
    return std::exp(-logSnr.item<double>() / 2);
}

at::Tensor one(double value) {
    return at::full({1}, value, at::kDouble);
}

// arXiv:2206.00364: time is sigma, drawn log-normally; there is no largest level.
class LogNormalSchedule final : public NoiseSchedule {
public:
    LogNormalSchedule(double logMean, double logDeviation)
        : m_logMean(logMean), m_logDeviation(logDeviation) {}

    double draw(std::uint64_t key) const override {
        return std::exp(m_logMean + m_logDeviation * normalOf(key));
    }
    at::Tensor logSnr(const at::Tensor& times) const override { return times.log() * -2; }
    at::Tensor conditioning(const at::Tensor&, const at::Tensor& logSnr) const override {
        return (logSnr / -8).to(at::kFloat);  // ln(sigma) / 4
    }
    double conditioning(double sigma) const override { return std::log(sigma) / 4; }
    double sigmaAt(double time) const override { return time; }
    double timeOf(double sigma) const override { return sigma; }
    double within(double sigma) const override { return sigma; }
    std::vector<double> ownSigmas(int) const override { return {}; }

private:
    double m_logMean, m_logDeviation;
};

// arXiv:2006.11239: T steps; the network is told the step's number.
class DiscreteSchedule final : public NoiseSchedule {
public:
    DiscreteSchedule(NoiseShape shape, std::int64_t timesteps) : m_steps(betas(shape, timesteps)) {
        std::vector<double> logSnr;
        for (const double alphaBar : m_steps.alphaBars())
            logSnr.push_back(std::log(alphaBar / (1 - alphaBar)));
        m_logSnr = at::tensor(logSnr, at::kDouble);
    }

    double draw(std::uint64_t key) const override {
        return std::floor(unitOf(key) * static_cast<double>(m_steps.timesteps()));
    }
    at::Tensor logSnr(const at::Tensor& times) const override {
        return m_logSnr.index_select(0, times.to(at::kLong));
    }
    at::Tensor conditioning(const at::Tensor& times, const at::Tensor&) const override {
        return times.to(at::kFloat);
    }
    double conditioning(double sigma) const override { return m_steps.timeOf(sigma); }
    double sigmaAt(double time) const override { return m_steps.sigmaAt(time); }
    double timeOf(double sigma) const override { return m_steps.timeOf(sigma); }
    double within(double sigma) const override {
        return std::clamp(sigma, m_steps.sigmas().front(), m_steps.sigmas().back());
    }
    std::vector<double> ownSigmas(int steps) const override {
        return denoscope::ownSigmas(steps, m_steps.sigmas());
    }

private:
    BetaSchedule m_steps;
    at::Tensor m_logSnr;  // (T)
};

// arXiv:2107.00630: time runs from 0 to 1; the network is told lambda.
class ContinuousSchedule final : public NoiseSchedule {
public:
    explicit ContinuousSchedule(std::unique_ptr<LogSnr> curve) : m_curve(std::move(curve)) {}

    double draw(std::uint64_t key) const override { return unitOf(key); }
    at::Tensor logSnr(const at::Tensor& times) const override {
        return m_curve->at(times.to(at::kFloat)).to(at::kDouble);
    }
    at::Tensor conditioning(const at::Tensor&, const at::Tensor& logSnr) const override {
        return logSnr.to(at::kFloat);
    }
    double conditioning(double sigma) const override { return -2 * std::log(sigma); }
    double sigmaAt(double time) const override {
        const at::NoGradGuard noGrad;
        return levelOf(logSnr(one(time)));
    }
    double timeOf(double sigma) const override {  // the curve falls: halve the interval that holds it
        double low = 0, high = 1;
        constexpr int halvings = 24;  // as fine as the float32 that the curve is computed in
        for (int i = 0; i < halvings; ++i) {
            const double middle = (low + high) / 2;
            (sigmaAt(middle) < sigma ? low : high) = middle;
        }
        return (low + high) / 2;
    }
    double within(double sigma) const override { return std::clamp(sigma, sigmaAt(0), sigmaAt(1)); }
    std::vector<double> ownSigmas(int steps) const override {
        const at::NoGradGuard noGrad;
        // It ends at the cleanest level that it knows, which is not 0.
        const at::Tensor levels = logSnr(at::linspace(1., 0., steps + 1, at::kFloat));
        std::vector<double> sigmas;
        for (std::int64_t i = 0; i <= steps; ++i)
            sigmas.push_back(levelOf(levels[i]));
        return sigmas;
    }
    std::vector<Parameter> parameters() const override { return m_curve->parameters(); }

private:
    std::unique_ptr<LogSnr> m_curve;
};

}  // namespace

std::unique_ptr<NoiseSchedule> makeNoiseSchedule(const NoiseConfig& noise, std::uint64_t seed) {
    switch (noise.process) {
        case NoiseProcess::Edm:
            return std::make_unique<LogNormalSchedule>(noise.logMean, noise.logDeviation);
        case NoiseProcess::Discrete:
            return std::make_unique<DiscreteSchedule>(noise.shape, noise.timesteps);
        default:
            return std::make_unique<ContinuousSchedule>(makeLogSnr(noise, seed));
    }
}

}  // namespace denoscope
