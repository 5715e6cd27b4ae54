// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Edm.h"

#include <ATen/ATen.h>

#include <cmath>

namespace denoscope {
namespace {

// (B) -> (B, 1, ...) to multiply a (B, C, ...) tensor.
at::Tensor perItem(const at::Tensor& values, const at::Tensor& like) {
    Shape shape(static_cast<std::size_t>(like.dim()), 1);
    shape[0] = values.size(0);
    return values.view(shape);
}

}  // namespace

at::Tensor Preconditioning::skip(const at::Tensor& sigma) const {
    return sigmaData * sigmaData / (sigma.square() + sigmaData * sigmaData);
}

at::Tensor Preconditioning::out(const at::Tensor& sigma) const {
    return sigma * sigmaData * (sigma.square() + sigmaData * sigmaData).rsqrt();
}

at::Tensor Preconditioning::in(const at::Tensor& sigma) const {
    return (sigma.square() + sigmaData * sigmaData).rsqrt();
}

double Preconditioning::in(double sigma) const {
    return 1 / std::hypot(sigma, sigmaData);
}

at::Tensor Preconditioning::noise(const at::Tensor& sigma) const {
    return sigma.clamp_min(1e-20).log() / 4;
}

at::Tensor Preconditioning::weight(const at::Tensor& sigma) const {
    return (sigma.square() + sigmaData * sigmaData) / (sigma * sigmaData).square();
}

at::Tensor preconditioned(KarrasUNet& network, const Preconditioning& precondition, const at::Tensor& x,
                          const at::Tensor& sigma, const Condition& condition, bool training) {
    const at::Tensor raw = network.forward({x * perItem(precondition.in(sigma), x), precondition.noise(sigma),
                                            condition.selfCondition, condition.classes},
                                           training);
    return perItem(precondition.skip(sigma), x) * x +
           perItem(precondition.out(sigma), x) * raw.to(at::kFloat);
}

at::Tensor edmLoss(KarrasUNet& network, const Preconditioning& precondition, const at::Tensor& clean,
                   const at::Tensor& noise, const at::Tensor& sigma, const Condition& condition) {
    const at::Tensor noisy = clean + perItem(sigma, clean) * noise;
    const at::Tensor denoised = preconditioned(network, precondition, noisy, sigma, condition, true);
    return precondition.weight(sigma) * (denoised - clean).square().flatten(1).mean(1);
}

}  // namespace denoscope
