// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/diffusion/Denoiser.h"
#include "engine/diffusion/Edm.h"

namespace denoscope {

// A KarrasUNet under EDM preconditioning, for a fixed batch of labels. Refers to the network: keep it alive.
class EdmDenoiser final : public Denoiser {
public:
    // classes: (B, classes) rows as oneHot() makes them, or undefined.
    EdmDenoiser(KarrasUNet& network, Preconditioning precondition, at::Tensor classes)
        : m_network(network), m_precondition(precondition), m_classes(std::move(classes)) {}

    Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) override;

private:
    KarrasUNet& m_network;
    Preconditioning m_precondition;
    at::Tensor m_classes;
};

// (B, classes) float rows; a label of -1 gives a row of zeros ("no class"). Undefined when classes is 0.
at::Tensor oneHot(const std::vector<int>& labels, int classes);

}  // namespace denoscope
