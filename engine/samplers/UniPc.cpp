// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/UniPc.h"

#include <ATen/ATen.h>

#include <algorithm>
#include <cmath>

#include "engine/core/LinearSolve.h"

namespace denoscope {
namespace {

struct Point {
    double halfLogSnr;  // -ln sigma
    at::Tensor clean;   // estimate there; undefined where the network was not asked yet
};

// phi_k(-h), k >= 2: the sum over j of (-h)^j / (j + k)!. The recursion phi_k = (1 / (k - 1)! - phi_(k - 1))
// / h that the paper gives loses all digits in short steps.
double phi(std::size_t k, double h) {
    constexpr double longest = 1;
    if (h > longest) {
        double value = -std::expm1(-h) / h, factorial = 1;
        for (std::size_t i = 2; i <= k; ++i) {
            value = (1 / factorial - value) / h;
            factorial *= static_cast<double>(i);
        }
        return value;
    }
    double term = 1 / std::tgamma(static_cast<double>(k) + 1), sum = 0;
    constexpr std::size_t terms = 20;  // the next one is below the last bit
    for (std::size_t j = 1; j <= terms; ++j) {
        sum += term;
        term *= -h / static_cast<double>(j + k);
    }
    return sum;
}

// The a_p = R_p(h)^-1 phi_p(h) / B(h) of theorem 3.1, for predicted data: sum over m of r_m^(k - 1) a_m =
// -h k! phi_(k + 1)(-h) / B(h), k = 1 .. p. For a single r, 1/2 keeps the order.
std::vector<double> weightsFor(const std::vector<double>& r, double h, double scale) {
    if (r.size() == 1)
        return {0.5};
    std::vector<double> matrix, b;
    double factorial = 1;
    for (std::size_t k = 0; k < r.size(); ++k) {
        for (const double ratio : r)
            matrix.push_back(std::pow(ratio, static_cast<double>(k)));
        b.push_back(-h * phi(k + 2, h) * factorial / scale);
        factorial *= static_cast<double>(k + 2);
    }
    return solveLinear(matrix, b).value();  // the r differ, as the noise levels do
}

// x moved from past[0] (newest first) to another level: UniC where the estimate there is known, else UniP.
at::Tensor moved(const at::Tensor& x, const std::vector<Point>& past, const Point& to, UniPcVariant variant) {
    const at::Tensor& here = past[0].clean;
    const double h = to.halfLogSnr - past[0].halfLogSnr, decay = std::expm1(-h);
    const double scale = variant == UniPcVariant::Bh1 ? -h : decay;
    std::vector<double> r;
    std::vector<at::Tensor> changes;
    for (std::size_t k = 1; k < past.size(); ++k) {
        r.push_back((past[k].halfLogSnr - past[0].halfLogSnr) / h);
        changes.push_back((past[k].clean - here) / r.back());
    }
    if (to.clean.defined()) {
        r.push_back(1);
        changes.push_back(to.clean - here);
    }
    at::Tensor result = x * std::exp(-h) - here * decay;
    if (r.empty())
        return result;
    const std::vector<double> weights = weightsFor(r, h, scale);
    for (std::size_t k = 0; k < r.size(); ++k)
        result = result - changes[k] * (scale * weights[k]);
    return result;
}

}  // namespace

at::Tensor sampleUniPc(Denoiser& denoiser, at::Tensor x, const std::vector<double>& sigmas,
                       const UniPcOptions& options, const NoiseSource&, const SamplerObserver& observe) {
    const int steps = static_cast<int>(sigmas.size()) - 1;
    at::Tensor denoised, before;  // before: x of the last step, after its correction
    std::vector<Point> past;
    for (int step = 0; step < steps; ++step) {
        const double sigma = sigmas[static_cast<std::size_t>(step)];
        const double next = sigmas[static_cast<std::size_t>(step) + 1];
        denoised = denoiser.denoise(x, sigma, denoised).clean;
        const Point here{-std::log(sigma), denoised};
        if (step > 0 && options.correct)
            x = moved(before, past, here, options.variant);
        if (!observe({step, sigma, x, denoised}))
            return {};
        if (next == 0)
            return denoised;

        past.insert(past.begin(), here);
        past.resize(std::min<std::size_t>(past.size(), static_cast<std::size_t>(options.order)));
        before = x;
        x = moved(x, past, {-std::log(next), {}}, options.variant);
    }
    return x;
}

}  // namespace denoscope
