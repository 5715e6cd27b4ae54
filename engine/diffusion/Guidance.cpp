// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Guidance.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <torch/csrc/autograd/autograd.h>

namespace denoscope {
namespace {

// The part of each item of x that points along y.
at::Tensor along(const at::Tensor& x, const at::Tensor& y) {
    const at::Tensor wide = y.flatten(1).to(at::kDouble);
    const at::Tensor direction = wide / wide.norm(2, {1}, true).clamp_min(1e-12);
    const at::Tensor length = (x.flatten(1).to(at::kDouble) * direction).sum(1, true);
    return (length * direction).to(x.scalar_type()).view_as(x);
}

at::Tensor deviation(const at::Tensor& x) {
    at::Tensor result = x.flatten(1).std(1);
    for (std::int64_t i = 1; i < x.dim(); ++i)
        result = result.unsqueeze(-1);
    return result;
}

}  // namespace

at::Tensor Guidance::apply(const at::Tensor& conditional, const at::Tensor& unconditional) const {
    at::Tensor change = conditional - unconditional;
    if (parallel != 1)
        change = change - along(change, conditional) * (1 - parallel);
    const at::Tensor guided = conditional + change * (scale - 1);
    if (rescale == 0 || conditional.numel() == conditional.size(0))  // one value has no deviation
        return guided;
    const at::Tensor ratio = deviation(conditional) / deviation(guided);
    return guided * (at::where(ratio.isfinite(), ratio, at::ones_like(ratio)) * rescale + (1 - rescale));
}

Estimate ClassifierGuided::denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) {
    Estimate estimate = m_denoiser.denoise(x, sigma, previous);
    const at::AutoGradMode withGrad(true);
    const at::Tensor input = x.detach().requires_grad_();
    const at::Tensor gradient = torch::autograd::grad({m_classifier(input, sigma).sum()}, {input}).front();
    estimate.clean = estimate.clean + gradient * (m_scale * sigma * sigma);
    return estimate;
}

}  // namespace denoscope
