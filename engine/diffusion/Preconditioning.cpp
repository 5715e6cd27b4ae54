// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/Preconditioning.h"

#include <ATen/ATen.h>

#include "engine/api/Array.h"

namespace denoscope {
namespace {

Coefficients edm(const at::Tensor& logSnr, double sigmaData) {
    const at::Tensor sigma = (logSnr / -2).exp();
    const double variance = sigmaData * sigmaData;
    const at::Tensor in = (sigma.square() + variance).rsqrt();
    return {in,
            in * sigma,
            variance * in.square(),
            sigma * sigmaData * in,
            sigma * in / sigmaData,
            -sigmaData * in};
}

}  // namespace

Coefficients Preconditioning::at(const at::Tensor& logSnr) const {
    if (prediction == Prediction::Edm)
        return edm(logSnr, sigmaData);
    const at::Tensor a = logSnr.sigmoid().sqrt(), s = (-logSnr).sigmoid().sqrt();
    const at::Tensor none = at::zeros_like(a), one = at::ones_like(a);
    switch (prediction) {
        case Prediction::Noise:
            return {a, s, one, -(logSnr / -2).exp(), none, one};
        case Prediction::Clean:
            return {a, s, none, one, one, none};
        default:
            return {a, s, a.square(), -s, -s, a};
    }
}

at::Tensor perItem(const at::Tensor& values, const at::Tensor& like) {
    Shape shape(static_cast<std::size_t>(like.dim()), 1);
    shape[0] = values.size(0);
    return values.view(shape).to(like.scalar_type());
}

}  // namespace denoscope
