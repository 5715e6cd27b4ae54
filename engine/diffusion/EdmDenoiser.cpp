// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/EdmDenoiser.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace denoscope {

Estimate EdmDenoiser::denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) {
    const at::NoGradGuard noGrad;
    const at::Tensor levels = at::full({x.size(0)}, sigma, x.options());
    const bool remembers = m_network.plan().options.model.selfCondition;
    return {preconditioned(m_network, m_precondition, x, levels,
                           {m_classes, remembers ? previous : at::Tensor()}, false),
            {}};
}

at::Tensor oneHot(const std::vector<int>& labels, int classes) {
    if (classes == 0)
        return {};
    at::Tensor rows = at::zeros({static_cast<std::int64_t>(labels.size()), classes});
    for (std::size_t i = 0; i < labels.size(); ++i)
        if (labels[i] >= 0)
            rows[static_cast<std::int64_t>(i)][labels[i]] = 1;
    return rows;
}

}  // namespace denoscope
