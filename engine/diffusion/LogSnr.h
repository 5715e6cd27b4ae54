// SPDX-License-Identifier: GPL-3.0-or-later
// lambda(t), the logarithmic signal-to-noise ratio of continuous-time diffusion, falling over t = 0 .. 1
// (Kingma et al. 2021, arXiv:2107.00630). Computed in float32, for near t = 1 the cosine depends on it.
#pragma once

#include <ATen/core/Tensor.h>

#include <cstdint>
#include <memory>
#include <vector>

#include "engine/api/Config.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

class LogSnr {
public:
    virtual ~LogSnr() = default;
    virtual at::Tensor at(const at::Tensor& times) const = 0;  // (B) float32 -> (B)
    virtual std::vector<Parameter> parameters() const { return {}; }
};

// linear: the continuous limit of DDPM's betas; cosine: that of arXiv:2102.09672; learned: a monotone network
// between the ends of the linear one (supplement of arXiv:2107.00630, H and I.2). Throws EngineError for
// sigmoid.
std::unique_ptr<LogSnr> makeLogSnr(const NoiseConfig& noise, std::uint64_t seed);

}  // namespace denoscope
