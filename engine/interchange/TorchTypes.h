// SPDX-License-Identifier: GPL-3.0-or-later
// PyTorch's element types: how its pickles name them and what they are called in a safetensors file.
#pragma once

#include <cstdint>
#include <string_view>

namespace denoscope {

struct TorchType {
    std::string_view storage;  // the storage class in a pickle: "FloatStorage"
    std::string_view dtype;    // "float32"
    std::string_view name;     // "F32", as StoredTensor::dtype; empty for a type that is not taken
    std::uint64_t bytes;       // of one element
};

// nullptr for a name that is none of PyTorch's.
const TorchType* torchTypeOfStorage(std::string_view storageClass);
const TorchType* torchTypeOfDtype(std::string_view dtype);

}  // namespace denoscope
