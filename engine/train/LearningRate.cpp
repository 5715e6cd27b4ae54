// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/train/LearningRate.h"

#include <algorithm>
#include <cmath>

namespace denoscope {

double learningRateAt(const TrainingConfig& training, std::int64_t step) {
    const auto t = static_cast<double>(step);
    double rate = training.learningRate;
    if (training.decaySteps > 0)
        rate /= std::sqrt(std::max(t / static_cast<double>(training.decaySteps), 1.0));
    if (training.warmupSteps > 0)
        rate *= std::min((t + 1) / static_cast<double>(training.warmupSteps), 1.0);
    return rate;
}

}  // namespace denoscope
