// SPDX-License-Identifier: GPL-3.0-or-later
// How much detail there is at each scale, whatever its direction: the azimuthally averaged power spectrum
// (for generative models: Durall et al. 2020, arXiv:2003.01826, eq. 2 and 3), in decibels.
//
// Generators that blur fall off early, those that leave noise behind or sharpen stay up at the end.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// items: (N, C, L), (N, C, H, W) or (N, C, D, H, W), the longest extent n at least 4. (N, n/2) double: row i,
// column k - 1 is the decibels of the mean power of item i at frequencies within half a step of k / n cycles
// per sample, k = 1 .. n/2, averaged over channels. The mean of each channel is taken off before and
// frequencies beyond n/2 (the corners) are left out. White noise of variance v gives 10 log10(v) throughout;
// below -100 dB everything is -100 dB, so bring the items to a deviation of about 1 first. No window: edges
// that do not continue across the border show, in both sets alike.
at::Tensor radialLogSpectra(const at::Tensor& items);

// Root mean square difference, in dB, between the mean curves of two sets of such rows.
double radialSpectrumDistance(const at::Tensor& left, const at::Tensor& right);

}  // namespace denoscope
