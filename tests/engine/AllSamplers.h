// SPDX-License-Identifier: GPL-3.0-or-later
// Every sampler under one signature, for tests of what they share.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/samplers/Ancestral.h"
#include "engine/samplers/DpmSolver.h"
#include "engine/samplers/Heun.h"
#include "engine/samplers/Lms.h"
#include "engine/samplers/UniPc.h"

namespace denoscope {

struct NamedSampler {
    std::string name;
    int order;  // of convergence; 0 for those that draw noise
    std::function<at::Tensor(Denoiser&, const at::Tensor&, const std::vector<double>&, const NoiseSource&,
                             const SamplerObserver&)>
        run;
};

template <class Function, class Options>
NamedSampler named(const char* name, int order, Function function, Options options) {
    return {name, order,
            [=](Denoiser& denoiser, const at::Tensor& x, const std::vector<double>& sigmas,
                const NoiseSource& noise, const SamplerObserver& observe) {
                return function(denoiser, x, sigmas, options, noise, observe);
            }};
}

inline std::vector<NamedSampler> allSamplers() {
    using enum SecondOrder;
    using enum UniPcVariant;
    return {
        named("Euler", 1, sampleHeun, HeunOptions{.secondOrder = false}),
        named("Heun", 2, sampleHeun, HeunOptions{}),
        named("Heun, churned", 0, sampleHeun, HeunOptions{.churn = 20}),
        named("DDIM", 1, sampleAncestral, AncestralOptions{.eta = 0}),
        named("DDIM, eta 0.5", 0, sampleAncestral, AncestralOptions{.eta = 0.5}),
        named("ancestral", 0, sampleAncestral, AncestralOptions{}),
        named("DPM-Solver++ 1", 1, sampleDpmSolver, DpmSolverOptions{.order = 1}),
        named("DPM-Solver++ 2M", 2, sampleDpmSolver, DpmSolverOptions{}),
        named("DPM-Solver++ 2M, Heun", 2, sampleDpmSolver, DpmSolverOptions{.combine = Heun}),
        named("DPM-Solver++ 3M", 3, sampleDpmSolver, DpmSolverOptions{.order = 3}),
        named("DPM-Solver++ 2M SDE", 0, sampleDpmSolver, DpmSolverOptions{.eta = 1}),
        named("DPM-Solver++ 2M SDE, Heun", 0, sampleDpmSolver, DpmSolverOptions{.eta = 1, .combine = Heun}),
        named("DPM-Solver++ 3M SDE", 0, sampleDpmSolver, DpmSolverOptions{.order = 3, .eta = 1}),
        named("UniP-2", 2, sampleUniPc, UniPcOptions{.correct = false}),
        named("UniP-3", 3, sampleUniPc, UniPcOptions{.order = 3, .correct = false}),
        named("UniP-4", 4, sampleUniPc, UniPcOptions{.order = 4, .correct = false}),
        named("UniPC-1", 2, sampleUniPc, UniPcOptions{.order = 1}),
        named("UniPC-2", 3, sampleUniPc, UniPcOptions{}),
        named("UniPC-3", 4, sampleUniPc, UniPcOptions{.order = 3}),
        named("UniPC-2, B1", 3, sampleUniPc, UniPcOptions{.variant = Bh1}),
        named("UniPC-3, B1", 4, sampleUniPc, UniPcOptions{.order = 3, .variant = Bh1}),
        named("LMS-1", 1, sampleLms, LmsOptions{1}),
        named("LMS-2", 2, sampleLms, LmsOptions{2}),
        named("LMS-3", 3, sampleLms, LmsOptions{3}),
        named("LMS-4", 4, sampleLms, LmsOptions{4}),
    };
}

}  // namespace denoscope
