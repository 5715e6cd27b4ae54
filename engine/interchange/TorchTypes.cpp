// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/TorchTypes.h"

#include <algorithm>
#include <array>

namespace denoscope {
namespace {

constexpr std::array types{
    TorchType{"FloatStorage", "float32", "F32", 4},
    TorchType{"DoubleStorage", "float64", "F64", 8},
    TorchType{"HalfStorage", "float16", "F16", 2},
    TorchType{"BFloat16Storage", "bfloat16", "BF16", 2},
    TorchType{"LongStorage", "int64", "I64", 8},
    TorchType{"IntStorage", "int32", "I32", 4},
    TorchType{"ShortStorage", "int16", "I16", 2},
    TorchType{"CharStorage", "int8", "I8", 1},
    TorchType{"ByteStorage", "uint8", "U8", 1},
    TorchType{"BoolStorage", "bool", "BOOL", 1},
    // Known so that a refusal can name them.
    TorchType{"ComplexFloatStorage", "complex64", "", 8},
    TorchType{"ComplexDoubleStorage", "complex128", "", 16},
    TorchType{"QInt8Storage", "qint8", "", 1},
    TorchType{"QUInt8Storage", "quint8", "", 1},
    TorchType{"QInt32Storage", "qint32", "", 4},
    TorchType{"QUInt4x2Storage", "quint4x2", "", 1},
    TorchType{"QUInt2x4Storage", "quint2x4", "", 1},
    TorchType{"", "complex32", "", 4},
    TorchType{"", "uint16", "", 2},
    TorchType{"", "uint32", "", 4},
    TorchType{"", "uint64", "", 8},
    TorchType{"", "float8_e4m3fn", "", 1},
    TorchType{"", "float8_e5m2", "", 1},
    TorchType{"", "float8_e4m3fnuz", "", 1},
    TorchType{"", "float8_e5m2fnuz", "", 1},
};

const TorchType* find(std::string_view TorchType::*member, std::string_view text) {
    const auto found =
        std::find_if(types.begin(), types.end(), [&](const TorchType& type) { return type.*member == text; });
    return text.empty() || found == types.end() ? nullptr : &*found;
}

}  // namespace

const TorchType* torchTypeOfStorage(std::string_view storageClass) {
    return find(&TorchType::storage, storageClass);
}

const TorchType* torchTypeOfDtype(std::string_view dtype) {
    return find(&TorchType::dtype, dtype);
}

}  // namespace denoscope
