// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/Ema.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <algorithm>
#include <cmath>

namespace denoscope {

double emaDecay(std::int64_t step, double halfLife) {
    constexpr double rampUp = 0.05;
    const double effective = std::min(halfLife, static_cast<double>(step) * rampUp);
    return effective > 0 ? std::pow(0.5, 1 / effective) : 0;
}

void updateEma(const std::vector<Parameter>& average, const std::vector<Parameter>& online, double decay) {
    const at::NoGradGuard noGrad;
    for (std::size_t i = 0; i < average.size(); ++i) {
        if (average[i].trained)
            average[i].value.lerp_(online[i].value, 1 - decay);
        else
            average[i].value.copy_(online[i].value);
    }
}

void copyParameters(const std::vector<Parameter>& to, const std::vector<Parameter>& from) {
    const at::NoGradGuard noGrad;
    for (std::size_t i = 0; i < to.size(); ++i)
        to[i].value.copy_(from[i].value);
}

}  // namespace denoscope
