// SPDX-License-Identifier: GPL-3.0-or-later
// The magnitude-preserving UNet of EDM2 (Karras et al. 2024, arXiv:2312.02696, config G) for 1, 2 and 3
// spatial dimensions: no biases, no group norms, weights kept at unit magnitude.
#pragma once

#include <ATen/core/Tensor.h>

#include <memory>
#include <vector>

#include "engine/nets/KarrasPlan.h"
#include "engine/nets/Network.h"

namespace denoscope {

// Lives on one thread. `time` is ln(sigma) / 4.
class KarrasUNet final : public Network {
public:
    KarrasUNet(const KarrasPlan& plan, std::uint64_t seed);
    ~KarrasUNet() override;
    KarrasUNet(KarrasUNet&&) noexcept;
    KarrasUNet& operator=(KarrasUNet&&) noexcept;

    at::Tensor forward(const Inputs& inputs, bool training) override;
    void normalizeWeights() override;  // the forced normalisation of algorithm 1, on the stored weights
    const std::vector<Parameter>& parameters() const override;
    int classes() const override;
    bool conditionsOnItself() const override;

    const KarrasPlan& plan() const;

private:
    struct Layers;
    std::unique_ptr<Layers> m_layers;
};

}  // namespace denoscope
