// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <memory>

#include "engine/data/Dataset.h"

namespace denoscope {

// One NPY or IDX file that holds all items. Rows are read from the file as they are needed. The labels of IDX
// images are looked for beside them under MNIST's naming, those of "x.npy" in "x_labels.npy".
std::shared_ptr<const Dataset> openNpySet(const std::filesystem::path& path, std::uint64_t cacheBytes);
std::shared_ptr<const Dataset> openIdxSet(const std::filesystem::path& path, std::uint64_t cacheBytes);

}  // namespace denoscope
