// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/nets/ParameterFile.h"

#include "engine/core/TensorFile.h"

namespace denoscope {
namespace {

NamedTensors named(const std::vector<Parameter>& parameters) {
    NamedTensors result;
    for (const Parameter& parameter : parameters)
        result.emplace(parameter.name, parameter.value);
    return result;
}

}  // namespace

void saveParameters(const std::vector<Parameter>& parameters, const std::filesystem::path& path,
                    std::map<std::string, std::string> metadata) {
    saveTensors(named(parameters), path, std::move(metadata));
}

void copyParameters(const std::vector<Parameter>& into, const std::map<std::string, StoredTensor>& tensors,
                    const std::string& where) {
    copyTensors(named(into), tensors, where);
}

void loadParameters(const std::vector<Parameter>& into, const std::filesystem::path& path) {
    loadTensors(named(into), path);
}

}  // namespace denoscope
