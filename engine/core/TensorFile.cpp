// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/TensorFile.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "engine/api/Error.h"
#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"

namespace denoscope {
namespace {

bool isFloat(const StoredTensor& stored) {
    return stored.dtype == "F32" || stored.dtype == "F64" || stored.dtype == "F16" || stored.dtype == "BF16";
}

std::string listed(const char* title, const std::vector<std::string>& names) {
    return names.empty() ? "" : fmt::format("{}: {}", title, fmt::join(names, ", "));
}

}  // namespace

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

void copyTensors(const NamedTensors& into, const std::map<std::string, StoredTensor>& tensors,
                 const std::string& where) {
    std::vector<std::string> missing, unexpected, otherShape, otherType;
    for (const auto& [name, tensor] : into) {
        const auto found = tensors.find(name);
        if (found == tensors.end())
            missing.push_back(name);
        else if (at::IntArrayRef(found->second.shape) != tensor.sizes())
            otherShape.push_back(fmt::format("{} ({} in the file, {} in the network)", name,
                                             toText(found->second.shape), toText(tensor.sizes().vec())));
    }
    for (const auto& [name, stored] : tensors) {
        if (!into.contains(name))
            unexpected.push_back(name);
        else if (!isFloat(stored))
            otherType.push_back(fmt::format("{} ({})", name, stored.dtype));
    }
    std::vector<std::string> wrong;
    for (const std::string& part :
         {listed("missing", missing), listed("unexpected", unexpected),
          listed("of another shape", otherShape), listed("no floating point numbers", otherType)})
        if (!part.empty())
            wrong.push_back(part);
    if (!wrong.empty())
        throw EngineError(fmt::format("the weights do not fit the network; {}", fmt::join(wrong, "; ")),
                          where, "give the options that the network was made with");
    const at::NoGradGuard noGrad;
    for (const auto& [name, tensor] : into)
        copyStored(tensors.at(name), name, tensor);
}

void loadTensors(const NamedTensors& into, const std::filesystem::path& path) {
    copyTensors(into, SafetensorsFile(path).tensors(), path.string());
}

}  // namespace denoscope
