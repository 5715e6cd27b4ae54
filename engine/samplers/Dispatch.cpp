// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Dispatch.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include "engine/api/Error.h"
#include "engine/samplers/DpmSolver.h"
#include "engine/samplers/Heun.h"
#include "engine/samplers/Lms.h"
#include "engine/samplers/UniPc.h"

namespace denoscope {

namespace {

// The first own levels of a process may be millions of times the data: ancestral steps walk over that, an ODE
// solver's extrapolation does not. Its own levels then begin at sigma_max.
bool walksAnyLevel(SamplerKind sampler) {
    return sampler == SamplerKind::Ancestral || sampler == SamplerKind::Ddim;
}

}  // namespace

std::vector<double> sigmaGrid(const NoiseSchedule& schedule, const SamplingConfig& sampling) {
    const auto steps = static_cast<int>(sampling.steps);
    const double low = schedule.within(sampling.sigmaMin), high = schedule.within(sampling.sigmaMax);
    if (!(low < high))
        throw EngineError(fmt::format("the process knows only one noise level between {} and {}",
                                      sampling.sigmaMin, sampling.sigmaMax),
                          "sampling.sigma_max", "raise it");
    switch (sampling.grid) {
        case SigmaGrid::Own:
            if (std::vector<double> own = schedule.ownSigmas(steps); !own.empty())
                return walksAnyLevel(sampling.sampler) || own.front() <= high ? own : begunAt(high, own);
            break;
        case SigmaGrid::Exponential:
            return exponentialSigmas(steps, low, high);
        case SigmaGrid::UniformTime:
            return uniformTimeSigmas(
                steps, [&](double time) { return schedule.sigmaAt(time); }, schedule.timeOf(high),
                schedule.timeOf(low));
        case SigmaGrid::Karras:
            break;
    }
    return karrasSigmas(steps, low, high, sampling.rho);
}

AncestralOptions ancestralOptions(const SamplingConfig& sampling) {
    AncestralOptions options;
    if (sampling.sampler == SamplerKind::Ddim)
        options.eta = 0;
    else if (sampling.sampler == SamplerKind::Ancestral)
        options.eta = sampling.eta;
    return options;
}

at::Tensor runSampler(Denoiser& denoiser, const at::Tensor& x, const std::vector<double>& sigmas,
                      const SamplingConfig& sampling, const NoiseSource& noise,
                      const SamplerObserver& observe) {
    const auto order = static_cast<int>(sampling.order);
    DpmSolverOptions solver;
    solver.order = sampling.sampler == SamplerKind::Dpmpp3MSde ? 3 : 2;
    solver.eta = sampling.sampler == SamplerKind::Dpmpp2M ? 0 : sampling.eta;
    const HeunOptions heun{true, sampling.churn, sampling.churnMin, sampling.churnMax, sampling.churnNoise};
    switch (sampling.sampler) {
        case SamplerKind::Heun:
            return sampleHeun(denoiser, x, sigmas, heun, noise, observe);
        case SamplerKind::Euler:
            return sampleHeun(denoiser, x, sigmas, {.secondOrder = false}, noise, observe);
        case SamplerKind::Ancestral:
        case SamplerKind::Ddim:
            return sampleAncestral(denoiser, x, sigmas, ancestralOptions(sampling), noise, observe);
        case SamplerKind::Dpmpp2M:
        case SamplerKind::Dpmpp2MSde:
        case SamplerKind::Dpmpp3MSde:
            return sampleDpmSolver(denoiser, x, sigmas, solver, noise, observe);
        case SamplerKind::UniPc:
            return sampleUniPc(denoiser, x, sigmas, {.order = order}, noise, observe);
        case SamplerKind::Lms:
            return sampleLms(denoiser, x, sigmas, {.order = order}, noise, observe);
    }
    return {};
}

}  // namespace denoscope
