// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>

namespace denoscope {

// Decides when a preview may be drawn so that previews take no more than their share of the time. Pure
// arithmetic.
class PreviewBudget {
public:
    void addTraining(double seconds) { m_training += seconds; }
    void addPreview(double seconds) {
        m_previews += seconds;
        m_lastCost = seconds;
        m_due = false;
    }

    // After step `step`: a preview falls due every `every` steps (0 = never) and waits until the budget
    // allows it. The first one is always allowed: before it nobody knows what one costs.
    bool allows(std::int64_t step, std::int64_t every, double percent) {
        m_due = m_due || (every > 0 && step % every == 0);
        const double total = m_training + m_previews + m_lastCost;
        return m_due && every > 0 &&
               m_previews + m_lastCost <= percent / 100 * total + (m_previews == 0 ? total : 0);
    }

    double share() const { return m_training + m_previews > 0 ? m_previews / (m_training + m_previews) : 0; }

private:
    double m_training = 0, m_previews = 0, m_lastCost = 0;
    bool m_due = false;
};

}  // namespace denoscope
