// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/core/Tensors.h"

#include <ATen/ATen.h>
#include <ATen/core/grad_mode.h>

#include <array>
#include <cstring>
#include <utility>

#include "engine/api/Error.h"

namespace denoscope {
namespace {

constexpr std::array<std::pair<const char*, at::ScalarType>, 10> storedTypes{{
    {"F32", at::kFloat},
    {"F64", at::kDouble},
    {"F16", at::kHalf},
    {"BF16", at::kBFloat16},
    {"I64", at::kLong},
    {"I32", at::kInt},
    {"I16", at::kShort},
    {"I8", at::kChar},
    {"U8", at::kByte},
    {"BOOL", at::kBool},
}};

at::ScalarType scalarType(const StoredTensor& stored, const std::string& name) {
    for (const auto& [text, type] : storedTypes)
        if (stored.dtype == text)
            return type;
    throw EngineError("tensor '" + name + "' has the type " + stored.dtype + ", which is not taken", name,
                      "");
}

}  // namespace

at::Tensor toTensor(const Array& array) {
    at::Tensor tensor = at::empty(array.shape, at::kFloat);
    std::memcpy(tensor.data_ptr(), array.values.data(), array.values.size() * sizeof(float));
    return tensor;
}

ArrayPtr toArray(const at::Tensor& tensor) {
    const at::Tensor plain = tensor.detach().to(at::kCPU, at::kFloat).contiguous();
    const float* values = plain.data_ptr<float>();
    return std::make_shared<const Array>(
        Array{plain.sizes().vec(), std::vector<float>(values, values + plain.numel())});
}

StoredTensor toStored(const at::Tensor& tensor) {
    for (const auto& [text, type] : storedTypes)
        if (tensor.scalar_type() == type)
            return {text,
                    tensor.sizes().vec(),
                    {static_cast<const std::byte*>(tensor.data_ptr()), tensor.nbytes()}};
    throw EngineError("a tensor of this type cannot be stored", "", "");
}

void copyStored(const StoredTensor& stored, const std::string& name, const at::Tensor& into) {
    if (into.sizes().vec() != stored.shape)
        throw EngineError("tensor '" + name + "' is " + toText(stored.shape) + " and should be " +
                              toText(into.sizes().vec()),
                          name, "the file belongs to a model of another size");
    const at::NoGradGuard noGrad;
    at::Tensor raw = at::empty(stored.shape, scalarType(stored, name));
    std::memcpy(raw.data_ptr(), stored.bytes.data(), stored.bytes.size());
    into.copy_(raw);
}

}  // namespace denoscope
