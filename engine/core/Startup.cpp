// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Startup.h"

#include <cstdlib>

namespace denoscope {

void provideMathEnvironment() {
    constexpr int keepWhatIsThere = 0;
    setenv("OMP_WAIT_POLICY", "passive", keepWhatIsThere);
    setenv("GOMP_SPINCOUNT", "5000", keepWhatIsThere);
}

}  // namespace denoscope
