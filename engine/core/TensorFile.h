// SPDX-License-Identifier: GPL-3.0-or-later
// Named tensors to and from a safetensors file.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

#include "engine/core/Safetensors.h"

namespace denoscope {

using NamedTensors = std::map<std::string, at::Tensor>;

// Tensors of any layout and device. Written atomically; the metadata gets "format" = "pt" on top.
void saveTensors(const NamedTensors& tensors, const std::filesystem::path& path,
                 std::map<std::string, std::string> metadata = {});

// Copies every stored tensor into the one of its name. Throws EngineError naming every tensor that is
// missing, every one that is left over, and every one of another shape or of no float type; nothing is
// changed then. where: the file.
void copyTensors(const NamedTensors& into, const std::map<std::string, StoredTensor>& tensors,
                 const std::string& where);
void loadTensors(const NamedTensors& into, const std::filesystem::path& path);

}  // namespace denoscope
