// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/data/Dataset.h"
#include "engine/data/Demos.h"

namespace denoscope {

std::shared_ptr<const Dataset> openDataset(const DataConfig& config) {
    return openDemo(config.source);
}

}  // namespace denoscope
