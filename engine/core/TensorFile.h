// SPDX-License-Identifier: GPL-3.0-or-later
// Named tensors to and from a safetensors file.
#pragma once

#include <ATen/core/Tensor.h>

#include <filesystem>
#include <map>
#include <string>

namespace denoscope {

using NamedTensors = std::map<std::string, at::Tensor>;

// Tensors of any layout and device. Written atomically; the metadata gets "format" = "pt" on top.
void saveTensors(const NamedTensors& tensors, const std::filesystem::path& path,
                 std::map<std::string, std::string> metadata = {});

// Copies into existing tensors. Throws EngineError naming the file and the tensor that is missing, unexpected
// or of another shape; some tensors may be filled by then.
void loadTensors(const NamedTensors& into, const std::filesystem::path& path);

}  // namespace denoscope
