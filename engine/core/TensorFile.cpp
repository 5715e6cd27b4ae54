// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/TensorFile.h"

#include <ATen/ATen.h>

#include "engine/api/Error.h"
#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"

namespace denoscope {

void saveTensors(const NamedTensors& tensors, const std::filesystem::path& path,
                 std::map<std::string, std::string> metadata) {
    std::map<std::string, StoredTensor> stored;
    NamedTensors contiguous;  // keeps the bytes alive while they are written
    for (const auto& [name, tensor] : tensors) {
        const at::Tensor& plain = contiguous[name] = tensor.detach().to(at::kCPU).contiguous();
        stored.emplace(name, toStored(plain));
    }
    metadata["format"] = "pt";
    writeSafetensors(path, stored, metadata);
}

void loadTensors(const NamedTensors& into, const std::filesystem::path& path) {
    const SafetensorsFile file(path);
    for (const auto& [name, tensor] : into) {
        const StoredTensor& stored = file.at(name);
        try {
            copyStored(stored, name, tensor);
        } catch (const EngineError& error) {
            throw EngineError(error.error().what, path.string(), error.error().remedy);
        }
    }
    for (const auto& [name, stored] : file.tensors())
        if (!into.contains(name))
            throw EngineError("unexpected tensor '" + name + "'", path.string(),
                              "the file belongs to another model");
}

}  // namespace denoscope
