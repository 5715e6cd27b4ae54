// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <cstdint>

#include "engine/data/Dataset.h"

namespace denoscope {

struct OpenRequest {
    DataConfig config;
    Purpose purpose = Purpose::Training;

    // How much decoded data may be held, in bytes.
    std::uint64_t limit() const {
        return static_cast<std::uint64_t>(std::max<std::int64_t>(1, config.cacheMiB)) << 20;
    }
};

}  // namespace denoscope
