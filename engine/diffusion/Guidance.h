// SPDX-License-Identifier: GPL-3.0-or-later
// Steering a model towards what is asked for.
#pragma once

#include <ATen/core/Tensor.h>

#include <functional>

#include "engine/diffusion/Denoiser.h"

namespace denoscope {

// Classifier-free guidance (Ho and Salimans 2022, arXiv:2207.12598) on what a network predicts: those of its
// raw outputs that stand for the item, never a variance or the weights of a mix (Heads.h).
struct Guidance {
    double scale = 1;  // 1 = the conditional output itself
    // phi of arXiv:2305.08891 eq. 15, 16: 1 restores the standard deviation of each item that has one.
    double rescale = 0;
    double parallel =
        1;  // share kept of the change that points along the conditional output (arXiv:2410.02416)

    bool active() const { return scale != 1; }
    // Both (B, C, ...), with and without the condition.
    at::Tensor apply(const at::Tensor& conditional, const at::Tensor& unconditional) const;
};

// log p(y | x) per item, (B), for x at noise level sigma; differentiable in x.
using LogLikelihood = std::function<at::Tensor(const at::Tensor& x, double sigma)>;

// Classifier guidance (Dhariwal and Nichol 2021, arXiv:2105.05233, section 4): the score gains
// scale grad log p(y | x), hence D gains scale sigma^2 of it; a learned variance stays as it is. For programs
// that bring a classifier of their own: Denoscope trains none. Refers to the denoiser: keep it alive.
class ClassifierGuided final : public Denoiser {
public:
    ClassifierGuided(Denoiser& denoiser, LogLikelihood classifier, double scale)
        : m_denoiser(denoiser), m_classifier(std::move(classifier)), m_scale(scale) {}

    Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) override;

private:
    Denoiser& m_denoiser;
    LogLikelihood m_classifier;
    double m_scale;
};

}  // namespace denoscope
