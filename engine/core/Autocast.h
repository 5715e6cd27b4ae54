// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/api/Config.h"

namespace denoscope {

// While it lives, convolutions and matrix products of this thread run in bfloat16 where asked.
class AutocastScope {
public:
    explicit AutocastScope(Precision precision);
    ~AutocastScope();
    AutocastScope(const AutocastScope&) = delete;
    AutocastScope& operator=(const AutocastScope&) = delete;

private:
    bool m_active;
    bool m_before = false;
};

}  // namespace denoscope
