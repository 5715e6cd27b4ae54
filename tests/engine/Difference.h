// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/ATen.h>

#include <cmath>

namespace denoscope::checks {

// The largest one, relative to the largest magnitude of b; infinite where the shapes differ.
inline double difference(const at::Tensor& a, const at::Tensor& b) {
    if (a.sizes() != b.sizes())
        return HUGE_VAL;
    if (a.numel() == 0)
        return 0;
    const at::Tensor x = a.to(at::kDouble), y = b.to(at::kDouble);
    return (x - y).abs().max().item<double>() / (y.abs().max().item<double>() + 1e-12);
}

}  // namespace denoscope::checks
