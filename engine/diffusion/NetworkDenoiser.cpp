// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/NetworkDenoiser.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <cmath>

#include "engine/diffusion/Heads.h"

namespace denoscope {

Estimate NetworkDenoiser::denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) {
    const at::NoGradGuard noGrad;
    Network& network = *m_model.network;
    const Process& process = m_model.process;
    const at::Tensor logSnr = at::full({1}, -2 * std::log(sigma), at::kDouble);
    const Coefficients c = process.preconditioning().at(logSnr);

    Network::Inputs inputs;
    inputs.x = x * perItem(c.in, x);
    inputs.time = at::full({x.size(0)}, process.conditioning(sigma), x.options());
    if (network.conditionsOnItself())
        inputs.selfCondition = previous;
    inputs.classes = m_options.classes;
    const auto raw = [&] { return network.forward(inputs, false).to(x.scalar_type()); };
    const at::Tensor conditional = raw();
    Estimate estimate;
    if (m_options.guidance.active() && inputs.classes.defined()) {
        inputs.classes = at::zeros_like(inputs.classes);
        estimate = guidedEstimate(process, m_options.guidance, conditional, raw(), x, logSnr);
    } else {
        estimate = estimateFrom(process, conditional, x, logSnr);
    }
    if (m_options.clip)
        estimate.clean = estimate.clean.clamp(-1, 1);
    return estimate;
}

}  // namespace denoscope
