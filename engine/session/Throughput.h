// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace denoscope {

// Smoothed seconds per step and what follows from it. Pure arithmetic.
class Throughput {
public:
    void addStep(double seconds) {
        constexpr double memory =
            0.95;  // about the last 20 steps; the correction removes the bias of the start
        m_average = memory * m_average + (1 - memory) * seconds;
        m_weight = memory * m_weight + (1 - memory);
    }

    double secondsPerStep() const { return m_weight > 0 ? m_average / m_weight : 0; }
    double itemsPerSecond(std::int64_t itemsPerStep) const {
        return m_average > 0 ? static_cast<double>(itemsPerStep) / secondsPerStep() : 0;
    }
    // previewShare: 0..1 of the whole time that is not training.
    double secondsLeft(std::int64_t steps, double previewShare) const {
        return m_weight > 0 && previewShare < 1
                   ? static_cast<double>(steps) * secondsPerStep() / (1 - previewShare)
                   : -1;
    }

private:
    double m_average = 0, m_weight = 0;
};

}  // namespace denoscope
