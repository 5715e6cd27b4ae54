// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/LogSnr.h"

#include <ATen/ATen.h>

#include <cmath>
#include <numbers>

#include "engine/api/Error.h"
#include "engine/core/Random.h"

namespace denoscope {
namespace {

// Supplement of arXiv:2107.00630: the continuous limit of the linear betas of arXiv:2006.11239.
class LinearLogSnr final : public LogSnr {
public:
    at::Tensor at(const at::Tensor& times) const override {
        return -(1e-4 + 10 * times.square()).expm1().clamp_min(1e-20).log();
    }
};

// arXiv:2102.09672 eq. 17 as lambda.
class CosineLogSnr final : public LogSnr {
public:
    at::Tensor at(const at::Tensor& times) const override {
        constexpr double offset = 0.008;
        const at::Tensor cosine = ((times + offset) / (1 + offset) * (std::numbers::pi / 2)).cos();
        return -(cosine.pow(-2) - 1).clamp_min(1e-5).log();
    }
};

// A linear map whose weights and biases are taken by magnitude, so that it never falls.
class RisingLinear {
public:
    RisingLinear(Parameters& parameters, const std::string& name, std::int64_t in, std::int64_t out) {
        const double bound = 1 / std::sqrt(static_cast<double>(in));
        m_weight = parameters.uniform(name + ".net.weight", {out, in}, bound);
        m_bias = parameters.uniform(name + ".net.bias", {out}, bound);
    }
    at::Tensor apply(const at::Tensor& x) const {  // Not at::linear, which autocast would run in bfloat16.
        return (x.unsqueeze(-2) * m_weight.abs()).sum(-1) + m_bias.abs();
    }

private:
    at::Tensor m_weight, m_bias;
};

// A rising network of the time, scaled to run between the ends of the linear curve. Names as in the package.
class LearnedLogSnr final : public LogSnr {
public:
    LearnedLogSnr(const NoiseConfig& noise, std::uint64_t seed)
        : m_gradient(noise.learnedGradient),
          m_parameters(mix64(seed)),  // another start than the network's
          m_straight(m_parameters, "log_snr.net.1", 1, 1),
          m_hidden(m_parameters, "log_snr.net.2.fn.0", 1, noise.learnedWidth),
          m_bend(m_parameters, "log_snr.net.2.fn.2", noise.learnedWidth, 1) {
        const at::Tensor ends = LinearLogSnr().at(at::tensor({0.F, 1.F}));
        m_largest = ends[0].item<double>();
        m_smallest = ends[1].item<double>();
    }

    at::Tensor at(const at::Tensor& times) const override {
        const at::Tensor first = rise(at::zeros_like(times)), last = rise(at::ones_like(times));
        const at::Tensor curve =
            m_largest + (m_smallest - m_largest) * (rise(times) - first) / (last - first);
        return m_gradient == 1 ? curve : curve * m_gradient + curve.detach() * (1 - m_gradient);
    }
    std::vector<Parameter> parameters() const override { return m_parameters.all(); }

private:
    at::Tensor rise(const at::Tensor& times) const {
        const at::Tensor x = m_straight.apply(times.unsqueeze(-1));
        return (x + m_bend.apply(m_hidden.apply(x).sigmoid())).squeeze(-1);
    }

    double m_gradient;  // share that reaches the parameters
    Parameters m_parameters;
    RisingLinear m_straight, m_hidden, m_bend;
    double m_largest = 0, m_smallest = 0;
};

}  // namespace

std::unique_ptr<LogSnr> makeLogSnr(const NoiseConfig& noise, std::uint64_t seed) {
    if (noise.shape == NoiseShape::Linear)
        return std::make_unique<LinearLogSnr>();
    if (noise.shape == NoiseShape::Cosine)
        return std::make_unique<CosineLogSnr>();
    if (noise.shape == NoiseShape::Learned)
        return std::make_unique<LearnedLogSnr>(noise, seed);
    throw EngineError("continuous time has no sigmoid schedule", "noise.schedule",
                      "set noise.schedule to linear, cosine or learned, or noise.process to discrete");
}

}  // namespace denoscope
