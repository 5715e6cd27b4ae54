// SPDX-License-Identifier: GPL-3.0-or-later
// What a network's raw output F stands for. The only place that knows c_in, c_skip and c_out:
//   D(x, sigma) = c_skip x + c_out F(c_in x, conditioning)                 (arXiv:2206.00364 eq. 7)
// and, the same read backwards, what F should have been for a clean item and its noise:
//   F* = c_clean clean + c_noise noise.
#pragma once

#include <ATen/core/Tensor.h>

namespace denoscope {

// (B) float64 each. With a = sqrt(sigmoid(lambda)) and s = sqrt(sigmoid(-lambda)), the amplitudes of signal
// and noise in a variance-preserving process, sigma = s / a.
struct Coefficients {
    at::Tensor in;  // of x; for variance-preserving processes a, so that the network sees a clean + s noise
    at::Tensor inNoise;       // in sigma: of the noise alone
    at::Tensor skip, out;     // of D
    at::Tensor clean, noise;  // of F*
};

enum class Prediction { Edm, Noise, Clean, Velocity };

struct Preconditioning {
    Prediction prediction = Prediction::Edm;
    double sigmaData = 0.5;  // EDM: standard deviation of the data

    // logSnr: (B) float64, lambda = -2 ln(sigma).
    // Edm: arXiv:2206.00364 table 1. Noise: arXiv:2006.11239 eq. 11. Velocity: a noise - s clean,
    // arXiv:2202.00512 appendix D.
    Coefficients at(const at::Tensor& logSnr) const;
};

// (B) float64 -> float32 (B, 1, ...), to multiply a (B, C, ...) tensor.
at::Tensor perItem(const at::Tensor& values, const at::Tensor& like);

}  // namespace denoscope
