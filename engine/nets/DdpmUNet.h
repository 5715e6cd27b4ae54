// SPDX-License-Identifier: GPL-3.0-or-later
// The UNet of DDPM (Ho et al. 2020, arXiv:2006.11239) in all variants of the denoising-diffusion-pytorch
// package, for 1, 2 and 3 spatial dimensions.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "engine/nets/DdpmPlan.h"
#include "engine/nets/Network.h"

namespace denoscope {

// Lives on one thread. `time` is whatever the process counts in: steps, or log-SNR, or ln(sigma) / 4.
class DdpmUNet final : public Network {
public:
    DdpmUNet(const DdpmPlan& plan, std::uint64_t seed);
    ~DdpmUNet() override;
    DdpmUNet(DdpmUNet&&) noexcept;
    DdpmUNet& operator=(DdpmUNet&&) noexcept;

    at::Tensor forward(const Inputs& inputs, bool training) override;
    const std::vector<Parameter>& parameters() const override;
    int classes() const override;
    bool conditionsOnItself() const override;

    const DdpmPlan& plan() const;

private:
    struct Layers;
    std::unique_ptr<Layers> m_layers;
};

}  // namespace denoscope
