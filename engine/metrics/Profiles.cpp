// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/metrics/Profiles.h"

#include <ATen/ATen.h>

namespace denoscope {

at::Tensor decibels(const at::Tensor& power) {
    return 10 * power.clamp_min(1e-10).log10();
}

double curveDistance(const at::Tensor& left, const at::Tensor& right) {
    return (left - right).square().mean().sqrt().item<double>();
}

}  // namespace denoscope
