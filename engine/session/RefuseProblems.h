// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

#include "engine/api/Settings.h"

namespace denoscope {

// Throws the first of what validate() found; does nothing when it found nothing.
inline void refuseProblems(const std::vector<Problem>& problems) {
    if (!problems.empty())
        throw EngineError(problems.front().error);
}

}  // namespace denoscope
