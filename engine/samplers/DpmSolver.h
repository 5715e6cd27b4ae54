// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Sampler.h"

namespace denoscope {

enum class SecondOrder { Midpoint, Heun };  // how two estimates are combined; they differ by O(h^3)

struct DpmSolverOptions {
    int order = 2;                                // 1 to 3 (2M, 3M): estimates that a step builds on
    double eta = 0;                               // 0: the ODE; 1: the SDE in full
    double noise = 1;                             // factor on the fresh noise (S_noise)
    SecondOrder combine = SecondOrder::Midpoint;  // of order 2; order 3 starts with Heun's
    // The step of order 3 needs the second derivative, which is twice the second divided difference.
    // k-diffusion and the authors' multistep code take it once, and are then of order 2: false gives theirs.
    bool fullCurvature = true;
};

// DPM-Solver++ multistep (Lu et al., arXiv:2211.01095, algorithm 2; order 3 and eta as k-diffusion's 2M SDE
// and 3M SDE have them): exact integration, in the half log-SNR -ln sigma, of a polynomial through the last
// estimates. One network call a step; the first steps are of lower order and a step to 0 returns the
// estimate, as in the Python package's sample_using_dpmpp. Noise is one independent normal draw a step, not
// the increments of one Brownian path: runs with other grids share no noise.
at::Tensor sampleDpmSolver(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                           const DpmSolverOptions& options, const NoiseSource& noise,
                           const SamplerObserver& observe);

}  // namespace denoscope
