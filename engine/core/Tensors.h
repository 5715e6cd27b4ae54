// SPDX-License-Identifier: GPL-3.0-or-later
// Between LibTorch's tensors and the plain values that cross layers. All copies are deep.
#pragma once

#include <ATen/core/Tensor.h>

#include <string>

#include "engine/api/Array.h"
#include "engine/core/Safetensors.h"

namespace denoscope {

at::Tensor toTensor(const Array& array);  // float32, CPU
ArrayPtr toArray(const at::Tensor& tensor);

// A view of a contiguous CPU tensor's bytes; valid while the tensor lives.
StoredTensor toStored(const at::Tensor& tensor);

// Copies into an existing tensor of the same shape (float formats are converted). Throws EngineError naming
// `name` and both shapes.
void copyStored(const StoredTensor& stored, const std::string& name, const at::Tensor& into);

}  // namespace denoscope
