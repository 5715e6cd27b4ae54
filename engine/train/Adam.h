// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <vector>

#include "engine/api/Config.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

// Adam (Kingma and Ba 2015, algorithm 1) and AdamW (Loshchilov and Hutter 2019, algorithm 2). Own code
// because its state must be read and written by name, the same way for every LibTorch version.
class Adam {
public:
    struct Moments {
        at::Tensor first, second;  // shaped like the parameter
    };

    // parameters: the trained ones; updated in place from their gradients.
    explicit Adam(std::vector<Parameter> parameters);

    // One update with the settings of `training` at the given rate. Gradients are left as they are.
    void step(const TrainingConfig& training, double learningRate);

    std::int64_t steps() const { return m_steps; }
    void setSteps(std::int64_t steps) { m_steps = steps; }
    const std::vector<Parameter>& parameters() const { return m_parameters; }
    std::vector<Moments>& moments() { return m_moments; }

private:
    std::vector<Parameter> m_parameters;
    std::vector<Moments> m_moments;
    std::int64_t m_steps = 0;
};

}  // namespace denoscope
