// SPDX-License-Identifier: GPL-3.0-or-later
// Weights from outside, whatever file they come in.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/core/Safetensors.h"
#include "engine/interchange/TrainerCheckpoint.h"

namespace denoscope {

enum class WeightsChoice { Online, Ema };

using TensorMap = std::map<std::string, StoredTensor>;

struct WeightsFacts {
    std::string layout;                // "checkpoint of a trainer", "state dict", "safetensors" ...
    std::string version;               // of the Python package; may be empty
    std::optional<std::int64_t> step;  // of the training
    std::optional<EmaCounters> ema;
    bool hasOnline = false, hasEma = false, hasAdam = false;
    std::map<std::string, std::string> metadata;  // of a safetensors file
};

// A file of torch.save (a trainer's model-N.pt, a state dict) or a safetensors file with the same names,
// possibly behind a prefix ("model.", "net.", "module." ...). Opening looks at names, types and shapes;
// weights are read when they are asked for, and their bytes live as long as this object. Throws EngineError
// naming the tensor or byte. Not to be used from two threads at once.
class WeightsFile {
public:
    explicit WeightsFile(const std::filesystem::path& path);
    ~WeightsFile();
    WeightsFile(WeightsFile&&) noexcept;
    WeightsFile& operator=(WeightsFile&&) noexcept;

    const WeightsFacts& facts() const;
    // Of the network, under the names that it has by itself ("init_conv.weight"); nothing is read.
    std::map<std::string, Shape> shapes(WeightsChoice choice) const;
    // Its names in the file's order, which for a file of torch.save is that of Python's state_dict().
    std::vector<std::string> names(WeightsChoice choice) const;
    // What stood before these names: "model." of a trainer's, "net." of an ElucidatedDiffusion, or nothing.
    const std::string& prefix(WeightsChoice choice) const;

    TensorMap network(WeightsChoice choice);
    TensorMap schedule(WeightsChoice choice);  // buffers of the diffusion: betas, loss_weight ...
    TensorMap others(WeightsChoice choice);    // e.g. of a learned noise schedule
    std::optional<AdamState> adam();           // of the online weights

    // Whether the optimizer has trained this parameter of the network; unknown without one.
    std::optional<bool> isTrained(const std::string& name) const;

private:
    struct Contents;
    const StateDictParts& parts(WeightsChoice choice) const;
    TensorMap read(const TensorList& tensors);
    std::unique_ptr<Contents> m_contents;
};

WeightsFile readWeights(const std::filesystem::path& path);

}  // namespace denoscope
