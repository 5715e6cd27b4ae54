// SPDX-License-Identifier: GPL-3.0-or-later
// The discrete noise schedules of the DDPM family as plain numbers; no LibTorch.
#pragma once

#include <cstdint>
#include <vector>

#include "engine/api/Config.h"
#include "engine/diffusion/Posterior.h"

namespace denoscope {

// beta_t for t = 0 .. T - 1, clipped to 0 .. 0.999. Linear: Ho et al. 2020 (arXiv:2006.11239), scaled to T
// steps; cosine: Nichol and Dhariwal 2021 (arXiv:2102.09672) eq. 17; sigmoid: Jabri et al. 2022
// (arXiv:2212.11972), figure 8.
std::vector<double> betas(NoiseShape shape, std::int64_t timesteps);

// What one variance-preserving process x_t = sqrt(alphaBar_t) x_0 + sqrt(1 - alphaBar_t) n is made of.
class BetaSchedule {
public:
    explicit BetaSchedule(std::vector<double> betas);

    std::int64_t timesteps() const { return static_cast<std::int64_t>(m_betas.size()); }
    const std::vector<double>& betas() const { return m_betas; }
    const std::vector<double>& alphaBars() const { return m_alphaBars; }  // products of 1 - beta
    const std::vector<double>& sigmas() const { return m_sigmas; }        // sqrt(1 / alphaBar - 1), rising

    double alphaBarBefore(std::int64_t t) const;  // of step t - 1; 1 at t = 0
    Posterior<double> posterior(std::int64_t t) const;

    // Between two steps the logarithm of sigma is interpolated; beyond the ends the nearest step answers.
    double sigmaAt(double time) const;
    double timeOf(double sigma) const;

private:
    std::vector<double> m_betas, m_alphaBars, m_sigmas;
};

}  // namespace denoscope
