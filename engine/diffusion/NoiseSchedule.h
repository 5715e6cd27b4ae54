// SPDX-License-Identifier: GPL-3.0-or-later
// Which noise levels a process knows, how it draws them in training and how it tells the network of one.
//
// A noise level is sigma of the variance-exploding view (Denoiser.h), or its logarithmic signal-to-noise
// ratio lambda = -2 ln(sigma). A time is what the process counts in: an index 0 .. T - 1 of discrete steps, a
// share 0 .. 1 of continuous time, sigma itself for EDM. Later times are noisier.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/api/Config.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

class NoiseSchedule {
public:
    virtual ~NoiseSchedule() = default;

    // A training time; a pure function of the key.
    virtual double draw(std::uint64_t key) const = 0;

    // (B) float64 times -> (B) float64 lambda. Records gradients where the schedule itself is learned.
    virtual at::Tensor logSnr(const at::Tensor& times) const = 0;
    // (B): what the network is given as its time.
    virtual at::Tensor conditioning(const at::Tensor& times, const at::Tensor& logSnr) const = 0;
    // The same for one level, which need not be among those that training draws.
    virtual double conditioning(double sigma) const = 0;

    virtual double sigmaAt(double time) const = 0;
    virtual double timeOf(double sigma) const = 0;  // of the nearest level that there is

    // Brings a level into the range that the process knows.
    virtual double within(double sigma) const = 0;
    // The levels that the process itself samples at in so many steps, falling: steps + 1 values, or fewer
    // where it has fewer. Empty where it leaves the choice to the sampler (EDM).
    virtual std::vector<double> ownSigmas(int steps) const = 0;

    // Trained along with the network; empty unless the schedule is learned.
    virtual std::vector<Parameter> parameters() const { return {}; }
};

// seed: of the start of a learned schedule.
std::unique_ptr<NoiseSchedule> makeNoiseSchedule(const NoiseConfig& noise, std::uint64_t seed);

}  // namespace denoscope
