// SPDX-License-Identifier: GPL-3.0-or-later
// The magnitude-preserving UNet of EDM2 (Karras et al. 2024, arXiv:2312.02696, config G) for 1, 2 and 3
// spatial dimensions: no biases, no group norms, weights kept at unit magnitude.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "engine/nets/KarrasPlan.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

// Lives on one thread. Not a Denoiser: it maps (x, noise conditioning) to a raw output that EDM
// preconditioning scales.
class KarrasUNet {
public:
    struct Inputs {
        at::Tensor x;              // (B, C, ...size)
        at::Tensor time;           // (B): noise conditioning, ln(sigma) / 4
        at::Tensor selfCondition;  // (B, C, ...size), or undefined for zeros
        at::Tensor
            classes;  // (B, classes) one-hot rows, all zero for "no class"; undefined when unconditional
    };

    KarrasUNet(const KarrasPlan& plan, std::uint64_t seed);
    ~KarrasUNet();
    KarrasUNet(KarrasUNet&&) noexcept;
    KarrasUNet& operator=(KarrasUNet&&) noexcept;

    // Training applies dropout, drawn from LibTorch's generator.
    at::Tensor forward(const Inputs& inputs, bool training);

    // The forced normalisation of algorithm 1: the stored weights themselves are scaled to unit magnitude.
    // Once after every optimiser step, so that all steps begin (and all interrupted steps end) with the same
    // weights.
    void normalizeWeights();

    const KarrasPlan& plan() const;
    const std::vector<Parameter>& parameters() const;

private:
    struct Layers;
    std::unique_ptr<Layers> m_layers;
};

}  // namespace denoscope
