// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/Adam.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

namespace denoscope {

Adam::Adam(std::vector<Parameter> parameters) : m_parameters(std::move(parameters)) {
    const at::NoGradGuard noGrad;
    for (const Parameter& parameter : m_parameters)
        m_moments.push_back({at::zeros_like(parameter.value), at::zeros_like(parameter.value)});
}

void Adam::step(const TrainingConfig& training, double learningRate) {
    const at::NoGradGuard noGrad;
    ++m_steps;
    const auto t = static_cast<double>(m_steps);
    const double correction1 = 1 - std::pow(training.beta1, t), correction2 = 1 - std::pow(training.beta2, t);
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        const at::Tensor& value = m_parameters[i].value;
        at::Tensor gradient = value.grad();
        if (!gradient.defined())
            continue;
        if (training.weightDecay != 0 && training.optimizer == OptimizerKind::AdamW)
            value.mul_(1 - learningRate * training.weightDecay);
        else if (training.weightDecay != 0)
            gradient = gradient.add(value, training.weightDecay);
        auto& [first, second] = m_moments[i];
        first.lerp_(gradient, 1 - training.beta1);
        second.mul_(training.beta2).addcmul_(gradient, gradient, 1 - training.beta2);
        const at::Tensor denominator = (second.sqrt() / std::sqrt(correction2)).add_(training.epsilon);
        value.addcdiv_(first, denominator, -learningRate / correction1);
    }
}

}  // namespace denoscope
