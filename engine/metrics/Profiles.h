// SPDX-License-Identifier: GPL-3.0-or-later
// What a set of profiles (spectra, autocorrelation functions) is compared by: their mean curves.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// 10 log10(power); what lies more than 100 dB below 1 counts as -100 dB, so that silence stays finite.
at::Tensor decibels(const at::Tensor& power);

// Root mean square difference between the curves left and right, both (K).
double curveDistance(const at::Tensor& left, const at::Tensor& right);

}  // namespace denoscope
