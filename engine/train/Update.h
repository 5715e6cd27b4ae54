// SPDX-License-Identifier: GPL-3.0-or-later
// What follows the gradients of a step: their norm, the optimiser, the averages. With the thread's fused
// kernels each is one pass over memory for all parameters together, on all threads; without them, or where a
// parameter is no contiguous float32, it is Adam::step and updateEma, one tensor after the other. Both agree
// up to rounding, and neither depends on the number of threads.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/train/Adam.h"

namespace denoscope {

struct AveragedWeights {
    std::reference_wrapper<const std::vector<Parameter>> weights;
    double decay = 1;  // see updateEma
};

// A step of `adam`, which trains parameters of `online`, then of every average of `online`.
void updateWeights(Adam& adam, const TrainingConfig& training, double learningRate,
                   const std::vector<Parameter>& online, const std::vector<AveragedWeights>& averages);

// Euclidean, over all gradients that there are. Throws NotFinite naming the parameter and `where`.
double gradientNorm(const std::vector<Parameter>& parameters, const std::string& where);

}  // namespace denoscope
