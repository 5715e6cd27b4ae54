// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/samplers/Grids.h"

#include <ATen/ATen.h>
#include <fmt/format.h>

#include <cmath>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

// sigmaAt(share) at equal shares from 0 (highest) to 1 (lowest level).
std::vector<double> equalShares(int steps, GridEnd end, const std::function<double(double)>& sigmaAt) {
    const int last = end == GridEnd::Zero ? steps - 1 : steps;
    std::vector<double> sigmas;
    for (int i = 0; i <= last; ++i)
        sigmas.push_back(sigmaAt(last > 0 ? static_cast<double>(i) / last : 0));
    if (end == GridEnd::Zero)
        sigmas.push_back(0);
    return sigmas;
}

}  // namespace

std::vector<double> karrasSigmas(int steps, double sigmaMin, double sigmaMax, double rho, GridEnd end) {
    const double from = std::pow(sigmaMax, 1 / rho), to = std::pow(sigmaMin, 1 / rho);
    return equalShares(steps, end, [&](double share) { return std::pow(from + share * (to - from), rho); });
}

std::vector<double> exponentialSigmas(int steps, double sigmaMin, double sigmaMax, GridEnd end) {
    const double from = std::log(sigmaMax), to = std::log(sigmaMin);
    return equalShares(steps, end, [&](double share) { return std::exp(from + share * (to - from)); });
}

std::vector<double> uniformTimeSigmas(int steps, const std::function<double(double)>& sigmaOf, double first,
                                      double last, GridEnd end) {
    return equalShares(steps, end, [&](double share) { return sigmaOf(first + share * (last - first)); });
}

std::vector<double> begunAt(double high, const std::vector<double>& sigmas) {
    std::vector<double> result{high};
    for (const double sigma : sigmas)
        if (sigma < high)
            result.push_back(sigma);
    return result;
}

std::vector<int> ownTimes(int steps, int modelSteps) {
    if (steps < 1 || steps > modelSteps)
        throw EngineError(fmt::format("{} steps on a model of {} noise levels", steps, modelSteps),
                          "sampling.steps", fmt::format("ask for 1 to {} steps", modelSteps));
    // In float32 as the package does it: where a time is a whole number but for rounding, rounding decides.
    const at::Tensor times = at::linspace(-1, modelSteps - 1, steps + 1, at::kFloat).to(at::kInt).flip(0);
    const int* first = times.data_ptr<int>();
    return {first, first + times.numel()};
}

std::vector<double> ownSigmas(int steps, const std::vector<double>& levels) {
    std::vector<double> sigmas;
    for (const int time : ownTimes(steps, static_cast<int>(levels.size())))
        sigmas.push_back(time < 0 ? 0 : levels[static_cast<std::size_t>(time)]);
    return sigmas;
}

}  // namespace denoscope
