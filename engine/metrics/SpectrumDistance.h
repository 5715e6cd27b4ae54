// SPDX-License-Identifier: GPL-3.0-or-later
// What signals sound like, whatever their phase: Welch's power spectra.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// Samples a segment for signals of that length: the largest power of two up to it, at most 256.
std::int64_t welchSegment(std::int64_t length);

// signals: (N, C, L), 2 <= segment <= L. (N, segment / 2) double: power at 1 / segment, 2 / segment .. 1/2
// cycles per sample, by Welch 1967: periodograms of segments that overlap by half, each without its mean
// (so the frequency 0 says nothing and is left out) and under a Hann window, averaged over segments and
// channels. White noise of variance v gives v, and 5/6 v at 1 / segment. Samples after the last whole segment
// are left out.
at::Tensor welchSpectra(const at::Tensor& signals, std::int64_t segment);

// Log-spectral distance (Gray and Markel 1976, eq. 6) between the mean spectra of two sets of such rows: the
// root mean square over frequencies of the difference in dB. What lies below -100 dB counts as -100 dB.
double spectrumDistance(const at::Tensor& left, const at::Tensor& right);

}  // namespace denoscope
