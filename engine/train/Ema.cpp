// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/Ema.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

namespace denoscope {

void updateEma(const std::vector<Parameter>& average, const std::vector<Parameter>& online, double decay) {
    if (decay == 1)
        return;
    const at::NoGradGuard noGrad;
    for (std::size_t i = 0; i < average.size(); ++i)
        if (average[i].trained)
            average[i].value.lerp_(online[i].value, 1 - decay);
    copyConstants(average, online);
}

void copyConstants(const std::vector<Parameter>& average, const std::vector<Parameter>& online) {
    const at::NoGradGuard noGrad;
    for (std::size_t i = 0; i < average.size(); ++i)
        if (!average[i].trained)
            average[i].value.copy_(online[i].value);
}

}  // namespace denoscope
