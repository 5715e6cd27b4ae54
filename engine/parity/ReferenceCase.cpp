// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/parity/ReferenceCase.h"

#include <ATen/ATen.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <cmath>
#include <limits>

#include "engine/api/Error.h"
#include "engine/api/StrictJson.h"
#include "engine/core/Tensors.h"

namespace denoscope {
namespace {

const std::string& metadata(const SafetensorsFile& file, const std::string& key, const std::string& where) {
    const auto found = file.metadata().find(key);
    if (found == file.metadata().end())
        throw EngineError("the metadata has no '" + key + "'", where,
                          "a reference case carries case, reference and meta");
    return found->second;
}

}  // namespace

ReferenceCase::ReferenceCase(const std::filesystem::path& path)
    : m_path(path),
      m_file(path),
      m_name(metadata(m_file, "case", path.string())),
      m_reference(metadata(m_file, "reference", path.string())) {
    try {
        m_meta = nlohmann::json::parse(metadata(m_file, "meta", path.string()));
    } catch (const nlohmann::json::exception& error) {
        throw EngineError(fmt::format("'meta' is no JSON: {}", reasonOf(error)), path.string(), "");
    }
    if (!m_meta.is_object())
        throw EngineError("'meta' is no JSON object", path.string(), "");
}

const nlohmann::json& ReferenceCase::meta(const std::string& key) const {
    const auto found = m_meta.find(key);
    if (found == m_meta.end())
        throw EngineError("'meta' has no '" + key + "'", m_path.string(), "");
    return *found;
}

at::Tensor ReferenceCase::take(const std::string& tensor) {
    const StoredTensor& stored = m_file.at(tensor);
    m_taken.insert(tensor);
    const bool whole = stored.dtype == "I64" || stored.dtype == "I32";
    at::Tensor result = at::empty(stored.shape, whole                   ? at::kLong
                                                : stored.dtype == "F64" ? at::kDouble
                                                                        : at::kFloat);
    copyStored(stored, tensor, result);
    return result;
}

at::Tensor ReferenceCase::take(const std::string& tensor, const Shape& shape) {
    at::Tensor result = take(tensor);
    if (result.sizes() != at::IntArrayRef(shape))
        throw EngineError(fmt::format("'{}' has the shape ({}), expected is ({})", tensor,
                                      fmt::join(result.sizes(), ", "), fmt::join(shape, ", ")),
                          m_path.string(), "");
    return result;
}

std::vector<std::string> ReferenceCase::startingWith(const std::string& prefix) const {
    std::vector<std::string> names;
    for (const auto& [name, stored] : m_file.tensors())
        if (name.starts_with(prefix))
            names.push_back(name);
    return names;
}

std::map<std::string, StoredTensor> ReferenceCase::takeWeights() {
    const std::string prefix = "weights.";
    std::map<std::string, StoredTensor> weights;
    for (const std::string& name : startingWith(prefix)) {
        weights.emplace(name.substr(prefix.size()), m_file.at(name));
        m_taken.insert(name);
    }
    return weights;
}

void ReferenceCase::expectEverythingTaken() const {
    for (const auto& [name, stored] : m_file.tensors())
        if (!m_taken.contains(name))
            throw EngineError("unexpected tensor '" + name + "'", m_path.string(),
                              "nothing is known that this case could mean by it");
}

Comparison compare(const std::string& output, const at::Tensor& actual, const at::Tensor& expected,
                   double tolerance) {
    if (actual.sizes() != expected.sizes())
        throw EngineError(fmt::format("'{}' has the shape ({}), the network gives ({})", output,
                                      fmt::join(expected.sizes(), ", "), fmt::join(actual.sizes(), ", ")),
                          "reference case", "");
    if (expected.numel() == 0)
        return {output, 0, tolerance};
    const at::Tensor wide = expected.to(at::kDouble);
    const double difference = (actual.detach().to(at::kDouble) - wide).abs().max().item<double>();
    const double error = difference / std::max(wide.abs().max().item<double>(), 1e-30);
    return {output, std::isfinite(error) ? error : std::numeric_limits<double>::infinity(), tolerance};
}

}  // namespace denoscope
