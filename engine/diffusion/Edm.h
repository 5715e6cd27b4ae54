// SPDX-License-Identifier: GPL-3.0-or-later
// EDM (Karras et al. 2022, arXiv:2206.00364): preconditioning (table 1, right column) and training loss (eq.
// 8).
#pragma once

#include <ATen/core/Tensor.h>

#include "engine/nets/KarrasUNet.h"

namespace denoscope {

// The only place that knows c_skip, c_out, c_in, c_noise. sigma: (B); results: (B).
struct Preconditioning {
    double sigmaData = 0.5;

    at::Tensor skip(const at::Tensor& sigma) const;  // c_skip
    at::Tensor out(const at::Tensor& sigma) const;   // c_out
    at::Tensor in(const at::Tensor& sigma) const;    // c_in
    double in(double sigma) const;
    at::Tensor noise(const at::Tensor& sigma) const;  // c_noise = ln(sigma) / 4
    at::Tensor weight(
        const at::Tensor& sigma) const;  // lambda, which makes the loss at start 1 at every sigma
};

// What conditions the network besides the noise level.
struct Condition {
    at::Tensor classes;        // see KarrasUNet::Inputs
    at::Tensor selfCondition;  // clean estimate or undefined
};

// D(x, sigma) = c_skip x + c_out F(c_in x, c_noise). x: (B, C, ...), sigma: (B). Records gradients if they
// are on.
at::Tensor preconditioned(KarrasUNet& network, const Preconditioning& precondition, const at::Tensor& x,
                          const at::Tensor& sigma, const Condition& condition, bool training);

// lambda(sigma) mean((D(clean + sigma noise, sigma) - clean)^2) per item: (B).
at::Tensor edmLoss(KarrasUNet& network, const Preconditioning& precondition, const at::Tensor& clean,
                   const at::Tensor& noise, const at::Tensor& sigma, const Condition& condition);

}  // namespace denoscope
