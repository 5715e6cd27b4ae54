// SPDX-License-Identifier: GPL-3.0-or-later
// Noise-level grids: steps + 1 values, strictly decreasing, from the highest level down.
#pragma once

#include <functional>
#include <vector>

namespace denoscope {

enum class GridEnd {
    Zero,   // the last value is 0 and the one before it the lowest level
    Lowest  // the last value is the lowest level
};

// arXiv:2206.00364 eq. 5: equal steps of sigma^(1 / rho).
std::vector<double> karrasSigmas(int steps, double sigmaMin, double sigmaMax, double rho,
                                 GridEnd end = GridEnd::Zero);

// Equal steps of ln sigma.
std::vector<double> exponentialSigmas(int steps, double sigmaMin, double sigmaMax,
                                      GridEnd end = GridEnd::Zero);

// Equal steps of the model's time, from `first` (where the noise is highest) to `last`. sigmaOf gives the
// noise level at a time and must fall strictly from first to last.
std::vector<double> uniformTimeSigmas(int steps, const std::function<double(double)>& sigmaOf, double first,
                                      double last, GridEnd end = GridEnd::Zero);

// The same levels from `high` on: those below it, with it in front.
std::vector<double> begunAt(double high, const std::vector<double>& sigmas);

// The times of a discrete model that `steps` of its T steps visit, in the order of sampling, then -1 for the
// clean end: steps + 1 values. With steps = T all of them, else the pairs that the Python package's DDIM
// takes (equal distances from -1 to T - 1, rounded towards 0). Throws EngineError unless 1 <= steps <= T.
std::vector<int> ownTimes(int steps, int modelSteps);

// levels[t]: noise level of a discrete model's time t, rising. Its levels at ownTimes(), then 0.
std::vector<double> ownSigmas(int steps, const std::vector<double>& levels);

}  // namespace denoscope
