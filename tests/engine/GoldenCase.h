// SPDX-License-Identifier: GPL-3.0-or-later
// A reference case computed by the Python package: tensors and, in the file's metadata, what was computed.
#pragma once

#include <ATen/ATen.h>

#include <nlohmann/json.hpp>

#include "engine/core/Safetensors.h"
#include "engine/core/Tensors.h"
#include "engine/nets/PackageArguments.h"

namespace denoscope {

class GoldenCase {
public:
    explicit GoldenCase(const std::string& path)
        : m_file(path), m_meta(nlohmann::json::parse(m_file.metadata().at("meta"))) {}

    const nlohmann::json& meta() const { return m_meta; }
    bool has(const std::string& name) const { return m_file.tensors().contains(name); }
    const std::map<std::string, StoredTensor>& tensors() const { return m_file.tensors(); }

    at::Tensor tensor(const std::string& name) const {
        const StoredTensor& stored = m_file.at(name);
        const at::Tensor result = at::empty(stored.shape, stored.dtype == "I64" ? at::kLong : at::kFloat);
        copyStored(stored, name, result);
        return result;
    }

    // The network that the case's `model` and `args` describe.
    std::variant<DdpmOptions, KarrasOptions> options() const {
        return packageOptions(m_meta.at("model"), m_meta.at("args"),
                              generationOf(m_file.metadata().at("reference")),
                              tensor("in.x").sizes().slice(2).vec());
    }

private:
    SafetensorsFile m_file;
    nlohmann::json m_meta;
};

// Largest difference relative to the largest magnitude of the expected tensor.
inline double relativeError(const at::Tensor& actual, const at::Tensor& expected) {
    return ((actual - expected).abs().max() / expected.abs().max().clamp_min(1e-30)).item<double>();
}

}  // namespace denoscope
