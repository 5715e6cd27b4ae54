// SPDX-License-Identifier: GPL-3.0-or-later
// Exponential smoothing of a noisy curve without the pull towards zero at its start.
#pragma once

#include <cmath>
#include <limits>

namespace denoscope {

// s_n = sum_i w^(n-i) v_i / sum_i w^(n-i): the moving average divided by the weight it has gathered, which is
// the bias correction of Kingma and Ba 2015, section 3. w = 0 gives the values themselves, w = 1 their
// running mean. Values that are not finite are left out and answered with NaN; they do not spoil what
// follows.
class Smoother {
public:
    explicit Smoother(double weight) : m_weight(weight) {}

    double next(double value) {
        if (!std::isfinite(value))
            return std::numeric_limits<double>::quiet_NaN();
        m_sum = m_weight * m_sum + value;
        m_total = m_weight * m_total + 1;
        return m_sum / m_total;
    }

private:
    double m_weight;
    double m_sum = 0;
    double m_total = 0;
};

}  // namespace denoscope
