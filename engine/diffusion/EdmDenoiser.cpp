// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/diffusion/EdmDenoiser.h"

#include <ATen/ATen.h>

namespace denoscope {

at::Tensor EdmDenoiser::denoise(const at::Tensor& x, double sigma, const at::Tensor& previous) {
    const at::NoGradGuard noGrad;
    const bool remembers = m_network.plan().options.model.selfCondition;
    // LibTorch convolves a single small item by another routine, so that alone it would differ from what it
    // is among others, in the last bits. It never goes alone.
    const bool alone = x.size(0) == 1;
    const auto company = [alone](const at::Tensor& rows) {
        return alone && rows.defined() ? at::cat({rows, rows}) : rows;
    };
    const at::Tensor batch = company(x), levels = at::full({batch.size(0)}, sigma, x.options());
    const Condition condition{company(m_classes), remembers ? company(previous) : at::Tensor()};
    return preconditioned(m_network, m_precondition, batch, levels, condition, false).narrow(0, 0, x.size(0));
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
