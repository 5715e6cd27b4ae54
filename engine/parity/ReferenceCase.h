// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <ATen/core/Tensor.h>

#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "engine/core/Safetensors.h"
#include "engine/nets/Network.h"
#include "engine/nets/PackageArguments.h"
#include "engine/parity/Parity.h"

namespace denoscope {

// One open file. Every tensor has to be asked for, or expectEverythingTaken throws: what is not understood is
// not passed over.
class ReferenceCase {
public:
    explicit ReferenceCase(const std::filesystem::path& path);

    const std::filesystem::path& path() const { return m_path; }
    const std::string& name() const { return m_name; }
    // A member of `meta`; throws EngineError when it is missing.
    const nlohmann::json& meta(const std::string& key) const;
    bool hasMeta(const std::string& key) const { return m_meta.contains(key); }
    PackageGeneration generation() const { return generationOf(m_reference); }

    bool has(const std::string& tensor) const { return m_file.tensors().contains(tensor); }
    // float32, or int64 as stored; with a shape given, of that shape. Throws EngineError naming it.
    at::Tensor take(const std::string& tensor);
    at::Tensor take(const std::string& tensor, const Shape& shape);
    // The names that begin so, in the file's order.
    std::vector<std::string> startingWith(const std::string& prefix) const;
    // "weights.*" without the prefix, taken.
    std::map<std::string, StoredTensor> takeWeights();

    void expectEverythingTaken() const;

private:
    std::filesystem::path m_path;
    SafetensorsFile m_file;
    std::string m_name, m_reference;
    nlohmann::json m_meta;
    std::set<std::string> m_taken;
};

// What float32 allows, relative to the largest magnitude.
inline constexpr double forwardTolerance = 2e-5;   // forwards and losses
inline constexpr double gradientTolerance = 2e-4;  // gradients, trajectories, outputs after an optimiser step

// Throws EngineError when the shapes differ.
Comparison compare(const std::string& output, const at::Tensor& actual, const at::Tensor& expected,
                   double tolerance);

// The parts, one for each kind of case.
using Comparisons = std::vector<Comparison>;
Comparisons checkNetwork(ReferenceCase& reference);
Comparisons checkGuidance(ReferenceCase& reference);
Comparisons checkProcess(ReferenceCase& reference);
Comparisons checkSchedules(ReferenceCase& reference);
Comparisons checkEma(ReferenceCase& reference);
Comparisons checkFrechet(ReferenceCase& reference);
Comparisons checkCheckpoint(ReferenceCase& reference);

// The network that `model` and `args` name, without dropout, with these weights.
std::unique_ptr<Network> buildNetwork(const ReferenceCase& reference, const Shape& size,
                                      const std::map<std::string, StoredTensor>& weights);

}  // namespace denoscope
