// SPDX-License-Identifier: GPL-3.0-or-later
// A network's tensors to and from a safetensors file, under their names. See TensorFile.h.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "engine/core/Safetensors.h"
#include "engine/nets/Parameters.h"

namespace denoscope {

void saveParameters(const std::vector<Parameter>& parameters, const std::filesystem::path& path,
                    std::map<std::string, std::string> metadata = {});
void copyParameters(const std::vector<Parameter>& into, const std::map<std::string, StoredTensor>& tensors,
                    const std::string& where);
void loadParameters(const std::vector<Parameter>& into, const std::filesystem::path& path);

}  // namespace denoscope
