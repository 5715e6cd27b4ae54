// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/diffusion/Denoiser.h"
#include "engine/diffusion/Guidance.h"
#include "engine/diffusion/Model.h"

namespace denoscope {

struct DenoiserOptions {
    at::Tensor classes;  // (B, classes) rows as oneHot() makes them, or undefined
    Guidance guidance;
    bool clip = false;  // estimates are kept within -1 .. 1, the window of the data
};

// A model of any process as D(x, sigma), for a fixed batch of labels. Refers to the model: keep it alive.
class NetworkDenoiser final : public Denoiser {
public:
    NetworkDenoiser(const Model& model, DenoiserOptions options)
        : m_model(model), m_options(std::move(options)) {}

    Estimate denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) override;

private:
    const Model& m_model;
    DenoiserOptions m_options;
};

}  // namespace denoscope
