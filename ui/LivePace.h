// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>

namespace denoscope {

// When live values may be shown next. Training computes on every core, and each step waits for the slowest of
// them: what drawing takes from one core, training loses. So drawing gets a share of the time, and the dearer
// it is, the seldomer it happens. Pure arithmetic, in seconds.
class LivePace {
public:
    static constexpr double share = 0.01;  // of one core
    static constexpr double soonest = 1.0 / 30, latest = 1;

    // `wall`: now; `processor`: what the showing thread has computed so far.
    double wait(double wall, double processor) const {
        if (!m_shown)
            return 0;
        return std::max(0.0, m_wall + std::clamp((processor - m_processor) / share, soonest, latest) - wall);
    }
    void shown(double wall, double processor) {
        m_wall = wall;
        m_processor = processor;
        m_shown = true;
    }

private:
    double m_wall = 0, m_processor = 0;  // before the last time
    bool m_shown = false;
};

}  // namespace denoscope
