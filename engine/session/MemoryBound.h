// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "engine/core/SystemMemory.h"
#include "engine/core/TensorMemory.h"

namespace denoscope {

// While it lives, tensors may use what the machine can spare when it was made: running out of memory is then
// noticed while there is a way out, instead of ending the program. A limit that is set already stays. In the
// end the system gets back what tensors left.
class MemoryBound {
public:
    MemoryBound() : m_before(tensorMemory::limit()) {
        constexpr double spared = 0.95;  // the rest is for the mathematical libraries
        const std::int64_t available = systemMemory().available;
        const tensorMemory::Use use = tensorMemory::use();
        if (m_before == 0 && available > 0)
            tensorMemory::setLimit(use.handedOut + use.unused +
                                   static_cast<std::int64_t>(spared * static_cast<double>(available)));
    }
    ~MemoryBound() {
        tensorMemory::setLimit(m_before);
        tensorMemory::releaseUnused();
    }
    MemoryBound(const MemoryBound&) = delete;
    MemoryBound& operator=(const MemoryBound&) = delete;

private:
    std::int64_t m_before;
};

}  // namespace denoscope
