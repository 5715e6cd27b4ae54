// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/samplers/Ancestral.h"

namespace denoscope {

// What the result is to agree with.
struct KnownPart {
    at::Tensor clean;  // (B, C, ...)
    at::Tensor mask;   // 1 where it is known, 0 where it is to be drawn; broadcasts to clean
};

struct InpaintOptions {
    int jump = 10;       // steps that are taken back at once
    int resamples = 10;  // how often each stretch is walked in all; 1 = never taken back
    AncestralOptions step;
};

// The positions 0 .. steps in the order in which they are visited: ahead by one, or back by `jump`. Every
// stretch of `jump` steps is walked `resamples` times (Lugmayr et al. 2022, arXiv:2201.09865, algorithm 1 and
// appendix B).
std::vector<int> inpaintWalk(int steps, const InpaintOptions& options);

// RePaint: ancestral sampling whose known part is put in at every level with noise of that level, and which
// goes back again and again so that the drawn part can come to terms with it. The noise source is asked for n
// = 0, 1, 2, ... in order, up to three times a move; the observer sees every step ahead, numbered through.
at::Tensor sampleInpaint(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                         const KnownPart& known, const InpaintOptions& options, const NoiseSource& noise,
                         const SamplerObserver& observe);

}  // namespace denoscope
