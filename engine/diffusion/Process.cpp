// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Process.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

Preconditioning preconditioningOf(const NoiseConfig& noise) {
    if (noise.process == NoiseProcess::Edm)
        return {Prediction::Edm, noise.sigmaData};
    switch (noise.objective) {
        case Objective::Noise:
            return {Prediction::Noise, noise.sigmaData};
        case Objective::Clean:
            return {Prediction::Clean, noise.sigmaData};
        default:
            return {Prediction::Velocity, noise.sigmaData};
    }
}

}  // namespace

Process::Process(const NoiseConfig& noise, std::uint64_t seed, Conditioning conditioning)
    : m_config(noise),
      m_schedule(makeNoiseSchedule(noise, seed)),
      m_preconditioning(preconditioningOf(noise)),
      m_conditioning(conditioning) {
    if (noise.process == NoiseProcess::Edm && !(noise.sigmaData > 0))
        throw EngineError(fmt::format("a spread of {} leaves nothing to scale by", noise.sigmaData),
                          "noise.sigma_data", "write the standard deviation of the mapped data, about 0.5");
}

at::Tensor Process::conditioning(const at::Tensor& times, const at::Tensor& logSnr) const {
    return m_conditioning == Conditioning::LogSigma ? (logSnr / -8).to(at::kFloat)
                                                    : m_schedule->conditioning(times, logSnr);
}

double Process::conditioning(double sigma) const {
    return m_conditioning == Conditioning::LogSigma ? std::log(sigma) / 4 : m_schedule->conditioning(sigma);
}

double Process::visible(double sigma) const {
    const double unit = m_config.process == NoiseProcess::Edm ? m_config.sigmaData : 1;
    return unit / std::hypot(sigma, unit);
}

double Process::startDeviation(double sigma) const {
    // A variance-preserving process starts from unit noise, which is hypot(1, sigma) in this view.
    return m_config.process == NoiseProcess::Edm ? sigma : std::hypot(1, sigma);
}

at::Tensor Process::lossWeight(const at::Tensor& logSnr) const {
    if (m_config.process == NoiseProcess::Edm)
        return at::ones_like(logSnr);  // lambda(sigma) c_out^2 = 1: table 1 of arXiv:2206.00364
    const at::Tensor snr = logSnr.exp();
    const at::Tensor clipped = m_config.minSnr ? snr.clamp_max(m_config.minSnrGamma) : snr;
    switch (m_config.objective) {
        case Objective::Noise:
            return clipped / snr;
        case Objective::Clean:
            return clipped;
        default:
            break;
    }
    // The package leaves the velocity of continuous time unweighted.
    const bool plain = m_config.process == NoiseProcess::Continuous && !m_config.minSnr;
    return plain ? at::ones_like(snr) : clipped / (snr + 1);
}

}  // namespace denoscope
