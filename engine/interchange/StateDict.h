// SPDX-License-Identifier: GPL-3.0-or-later
// Named tensors as Python's state_dict() lists them, told apart: the network, the schedule around it, the
// rest.
#pragma once

#include <string>
#include <vector>

#include "engine/core/Safetensors.h"
#include "engine/interchange/PickleValue.h"

namespace denoscope {

struct NamedTensor {
    std::string name;
    StoredTensor stored;                    // its bytes are there only where `pickled` is not
    const PickleTensor* pickled = nullptr;  // where to find them in a file of torch.save
};
using TensorList = std::vector<NamedTensor>;

// Whether the dict holds tensors under names and nothing else.
bool isStateDict(const PickleDict& dict);
// Throws EngineError naming the entry that is no tensor.
TensorList namedTensors(const PickleDict& dict, const std::string& where);

// The entries whose name begins with `prefix`, without it.
TensorList withoutPrefix(const TensorList& tensors, std::string_view prefix);

struct StateDictParts {
    std::string prefix;   // that the network's names had: "model.", "net.", "" ...
    TensorList network;   // under the names of the network itself
    TensorList schedule;  // the buffers of the diffusion: betas, alphas_cumprod ...
    TensorList others;    // what else is trained, e.g. a learned noise schedule
    // Network and others without the schedule in the file's order: that of Python's parameters().
    std::vector<std::string> parameters;
};
StateDictParts splitStateDict(const TensorList& tensors);

}  // namespace denoscope
