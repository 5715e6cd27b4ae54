// SPDX-License-Identifier: GPL-3.0-or-later
// A noise process: its levels, what the network is asked for at each, and how the answer is scored.
#pragma once

#include <memory>

#include "engine/diffusion/NoiseSchedule.h"
#include "engine/diffusion/Preconditioning.h"

namespace denoscope {

// What a network is told of its noise level.
enum class Conditioning {
    Own,      // what the process counts in: step numbers, lambda, or ln(sigma) / 4 for EDM
    LogSigma  // ln(sigma) / 4 in every process, which the Fourier features of the EDM2 network are made for
};

class Process {
public:
    // noise: resolved (sigmaData known; EngineError where it is not). seed: of a learned schedule's start.
    Process(const NoiseConfig& noise, std::uint64_t seed, Conditioning conditioning = Conditioning::Own);

    const NoiseConfig& config() const { return m_config; }
    const NoiseSchedule& schedule() const { return *m_schedule; }
    const Preconditioning& preconditioning() const { return m_preconditioning; }

    // (B): what the network is given as its time; of a training batch, and of one level.
    at::Tensor conditioning(const at::Tensor& times, const at::Tensor& logSnr) const;
    double conditioning(double sigma) const;

    // (B) float64: what the squared error of F counts at these levels. It is the package's weight of each
    // objective, with min-SNR (arXiv:2303.09556) where it is on.
    at::Tensor lossWeight(const at::Tensor& logSnr) const;

    // Factor that brings x of the variance-exploding view to the spread of the data, so that it can be shown:
    // EDM's sigma_data c_in, otherwise the amplitude of the signal.
    double visible(double sigma) const;
    // Standard deviation of the pure noise that sampling starts from at this level.
    double startDeviation(double sigma) const;

private:
    NoiseConfig m_config;
    std::unique_ptr<NoiseSchedule> m_schedule;
    Preconditioning m_preconditioning;
    Conditioning m_conditioning;
};

}  // namespace denoscope
