// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/PickleCalls.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "engine/api/Error.h"
#include "engine/core/Printable.h"

namespace denoscope {
namespace {

constexpr std::uint64_t nodeOverhead = 16;  // what an allocation costs beside its bytes
constexpr std::uint64_t growth = 2;         // a vector may hold twice what is in it
constexpr std::uint64_t budgetFactor = 32;
constexpr std::uint64_t smallBudget = 64 * 1024;
constexpr std::size_t mostDimensions = 64;  // PyTorch's own limit

constexpr std::array knownGlobals{
    PickleGlobal{"collections", "OrderedDict", PickleCall::OrderedDict},
    PickleGlobal{"collections", "defaultdict", PickleCall::DefaultDict},
    PickleGlobal{"collections", "Counter", PickleCall::Counter},
    PickleGlobal{"torch._utils", "_rebuild_tensor_v2", PickleCall::RebuildTensor},
    PickleGlobal{"torch._utils", "_rebuild_tensor_v3", PickleCall::RebuildTensorV3},
    PickleGlobal{"torch._utils", "_rebuild_parameter", PickleCall::RebuildParameter},
    PickleGlobal{"torch._utils", "_rebuild_parameter_with_state", PickleCall::RebuildParameter},
    PickleGlobal{"torch._tensor", "_rebuild_from_type_v2", PickleCall::RebuildFromType},
    PickleGlobal{"torch", "Tensor", PickleCall::TensorClass},
    PickleGlobal{"torch.nn.parameter", "Parameter", PickleCall::TensorClass},
    PickleGlobal{"torch", "Size", PickleCall::Size},
    PickleGlobal{"torch", "device", PickleCall::Device},
    PickleGlobal{"_codecs", "encode", PickleCall::Encode},
    // Factories of a defaultdict.
    PickleGlobal{"builtins", "list"},
    PickleGlobal{"builtins", "dict"},
    PickleGlobal{"builtins", "int"},
    PickleGlobal{"builtins", "float"},
    PickleGlobal{"builtins", "set", PickleCall::Set},
    PickleGlobal{"builtins", "frozenset", PickleCall::Set},
};

constexpr std::array storageClasses{
    "FloatStorage",        "DoubleStorage",        "HalfStorage",  "BFloat16Storage", "LongStorage",
    "IntStorage",          "ShortStorage",         "CharStorage",  "ByteStorage",     "BoolStorage",
    "ComplexFloatStorage", "ComplexDoubleStorage", "QInt8Storage", "QUInt8Storage",   "QInt32Storage",
    "QUInt4x2Storage",     "QUInt2x4Storage"};
constexpr std::array dtypes{"float32",       "float64",     "float16",         "bfloat16",
                            "int64",         "int32",       "int16",           "int8",
                            "uint8",         "bool",        "uint16",          "uint32",
                            "uint64",        "complex32",   "complex64",       "complex128",
                            "float8_e4m3fn", "float8_e5m2", "float8_e4m3fnuz", "float8_e5m2fnuz"};

// The names of PyTorch's element types.
const std::vector<PickleGlobal>& typeGlobals() {
    static const std::vector<PickleGlobal> globals = [] {
        std::vector<PickleGlobal> all{{"torch.storage", "UntypedStorage", PickleCall::None, true, nullptr}};
        for (const char* name : storageClasses)
            all.push_back({"torch", name, PickleCall::None, true, torchTypeOfStorage(name)});
        for (const char* name : dtypes)
            all.push_back({"torch", name, PickleCall::None, false, torchTypeOfDtype(name)});
        return all;
    }();
    return globals;
}

const PickleGlobal* asGlobal(const PickleValue& value) {
    const auto* global = std::get_if<const PickleGlobal*>(&value);
    return global ? *global : nullptr;
}

std::string fullName(const PickleGlobal& global) {
    return fmt::format("{}.{}", global.module, global.name);
}

// Arguments of a call, taken with the type that is needed.
class Arguments {
public:
    Arguments(const PickleGlobal& global, const std::vector<PickleValue>& values, PickleBuilder& builder)
        : m_global(global), m_values(values), m_builder(builder) {}

    [[noreturn]] void refuse(const std::string& what) const {
        m_builder.refuse(fmt::format("{} is given {}", fullName(m_global), what));
    }
    void needs(std::size_t least, std::size_t most) const {
        if (m_values.size() < least || m_values.size() > most)
            refuse(fmt::format("{} arguments", m_values.size()));
    }
    template <typename T>
    const T& get(std::size_t place) const {
        if (place < m_values.size())
            if (const T* value = std::get_if<T>(&m_values[place]))
                return *value;
        refuse(place < m_values.size() ? fmt::format("{} as argument {}", kindOf(m_values[place]), place + 1)
                                       : fmt::format("{} arguments only", m_values.size()));
    }
    const std::vector<PickleValue>& items(std::size_t place) const {
        return get<PickleSequence*>(place)->items;
    }
    Shape numbers(std::size_t place) const {
        Shape numbers;
        if (items(place).size() > mostDimensions)
            refuse(fmt::format("{} dimensions", items(place).size()));
        for (const PickleValue& item : items(place)) {
            const auto* number = std::get_if<std::int64_t>(&item);
            if (!number)
                refuse(fmt::format("{} where an extent belongs", kindOf(item)));
            numbers.push_back(*number);
        }
        return numbers;
    }

private:
    const PickleGlobal& m_global;
    const std::vector<PickleValue>& m_values;
    PickleBuilder& m_builder;
};

PickleValue makeDict(const Arguments& arguments, std::size_t count, PickleBuilder& builder) {
    arguments.needs(0, 1);
    PickleDict* dict = builder.dict(true);
    if (count == 0)
        return dict;
    for (const PickleValue& item : arguments.items(0)) {
        const auto* pair = std::get_if<PickleSequence*>(&item);
        if (!pair || (*pair)->items.size() != 2)
            arguments.refuse("something that is no pair of key and value");
        builder.insert(*dict, (*pair)->items[0], (*pair)->items[1]);
    }
    return dict;
}

PickleValue makeDefaultDict(const Arguments& arguments, const std::vector<PickleValue>& values,
                            PickleBuilder& builder) {
    arguments.needs(0, 1);
    if (values.size() == 1 && !asGlobal(values[0]) && !std::holds_alternative<PickleNone>(values[0]))
        arguments.refuse(fmt::format("{} as its factory", kindOf(values[0])));
    return builder.dict(true);
}

// (storage, offset, shape, strides, trained, hooks[, dtype][, more]).
PickleValue makeTensor(const Arguments& arguments, bool typed, PickleBuilder& builder) {
    arguments.needs(typed ? 7 : 6, typed ? 8 : 7);
    PickleTensor tensor;
    tensor.storage = arguments.get<const PickleStorage*>(0);
    tensor.type = tensor.storage->type;
    if (typed) {
        const PickleGlobal& dtype = *arguments.get<const PickleGlobal*>(6);
        if (dtype.isStorage || !dtype.type)
            arguments.refuse(fullName(dtype) + " as an element type");
        tensor.type = dtype.type;
    } else if (!tensor.type) {
        arguments.refuse("a storage without a type");
    }
    tensor.offset = arguments.get<std::int64_t>(1);
    tensor.shape = arguments.numbers(2);
    tensor.strides = arguments.numbers(3);
    if (tensor.shape.size() != tensor.strides.size())
        arguments.refuse(
            fmt::format("{} extents and {} strides", tensor.shape.size(), tensor.strides.size()));
    tensor.position = builder.position();
    return builder.tensor(std::move(tensor));
}

// (function, class, its arguments, attributes): a tensor that carries attributes, which weights do not need.
PickleValue makeFromType(const Arguments& arguments, PickleBuilder& builder) {
    arguments.needs(4, 4);
    const PickleGlobal& function = *arguments.get<const PickleGlobal*>(0);
    const bool rebuilds = function.call == PickleCall::RebuildTensor ||
                          function.call == PickleCall::RebuildTensorV3 ||
                          function.call == PickleCall::RebuildParameter;
    if (!rebuilds || arguments.get<const PickleGlobal*>(1)->call != PickleCall::TensorClass)
        builder.refuseCall(fullName(function));
    return applyGlobal(function, arguments.items(2), builder);
}

// Python writes bytes of protocol 2 as text whose characters are the bytes.
PickleValue makeBytes(const Arguments& arguments, PickleBuilder& builder) {
    arguments.needs(2, 2);
    const std::string_view encoding = arguments.get<std::string_view>(1);
    if (encoding != "latin1" && encoding != "latin-1")
        arguments.refuse("the encoding " + inQuotes(encoding));
    const std::string_view text = arguments.get<std::string_view>(0);
    std::string bytes;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const auto first = static_cast<unsigned char>(text[i]);
        if (first < 0x80) {
            bytes += text[i];
            continue;
        }
        const auto second = i + 1 < text.size() ? static_cast<unsigned char>(text[i + 1]) : 0U;
        if ((first != 0xC2 && first != 0xC3) || (second & 0xC0U) != 0x80)
            arguments.refuse("text that is not latin-1");
        bytes += static_cast<char>(((first & 3U) << 6U) | (second & 0x3FU));
        ++i;
    }
    return PickleBytes{std::as_bytes(std::span(builder.text(std::move(bytes))))};
}

}  // namespace

const PickleGlobal* findPickleGlobal(std::string_view module, std::string_view name) {
    if (module == "__builtin__")  // the name that protocol 2 keeps for Python 2's sake
        module = "builtins";
    const auto matches = [&](const PickleGlobal& global) {
        return global.module == module && global.name == name;
    };
    const auto known = std::find_if(knownGlobals.begin(), knownGlobals.end(), matches);
    if (known != knownGlobals.end())
        return &*known;
    const auto type = std::find_if(typeGlobals().begin(), typeGlobals().end(), matches);
    return type != typeGlobals().end() ? &*type : nullptr;
}

PickleBuilder::PickleBuilder(PickleDocument& document, std::string where)
    : m_document(document),
      m_where(std::move(where)),
      m_budget(document.bytes.size() * budgetFactor + smallBudget) {}

void PickleBuilder::refuse(const std::string& what) const {
    throw EngineError(what, fmt::format("{}, byte {}", m_where, m_position),
                      "the file is damaged or made to harm; copy or save it again");
}

void PickleBuilder::refuseCall(const std::string& name) const {
    throw EngineError(
        fmt::format("the pickle calls {} at byte {}", printable(name), m_position),
        fmt::format("{}, byte {}", m_where, m_position),
        "nothing in a file is ever executed; if you trust its source, save its weights alone in Python: "
        "torch.save(torch.load('model.pt', weights_only=False)['model'], 'weights.pt')");
}

void PickleBuilder::charge(std::uint64_t bytes) {
    if (bytes > m_budget)
        refuse("the pickle asks for far more memory than the file has bytes");
    m_budget -= bytes;
}

PickleSequence* PickleBuilder::sequence(SequenceKind kind, std::vector<PickleValue> items) {
    charge(sizeof(PickleSequence) + nodeOverhead + items.size() * sizeof(PickleValue));
    return &m_document.sequences.emplace_back(kind, std::move(items));
}

PickleDict* PickleBuilder::dict(bool ordered) {
    charge(sizeof(PickleDict) + nodeOverhead);
    PickleDict& dict = m_document.dicts.emplace_back();
    dict.ordered = ordered;
    return &dict;
}

void PickleBuilder::insert(PickleDict& dict, const PickleValue& key, const PickleValue& value) {
    const auto* sequence = std::get_if<PickleSequence*>(&key);
    if (std::holds_alternative<PickleDict*>(key) || (sequence && (*sequence)->kind == SequenceKind::List))
        refuse(fmt::format("a dict has {} as a key", kindOf(key)));
    charge(growth * 2 * sizeof(PickleValue) + sizeof(std::uint32_t));
    dict.entries.emplace_back(key, value);
}

const PickleTensor* PickleBuilder::tensor(PickleTensor tensor) {
    charge(sizeof(PickleTensor) + 2 * (nodeOverhead + growth * sizeof(std::int64_t) * tensor.shape.size()));
    return &m_document.tensors.emplace_back(std::move(tensor));
}

const PickleStorage* PickleBuilder::storage(PickleStorage storage) {
    charge(sizeof(PickleStorage));
    return &m_document.storages.emplace_back(storage);
}

std::string_view PickleBuilder::text(std::string text) {
    charge(sizeof(std::string) + nodeOverhead + text.capacity());
    return m_document.texts.emplace_back(std::move(text));
}

PickleValue applyGlobal(const PickleGlobal& global, const std::vector<PickleValue>& values,
                        PickleBuilder& builder) {
    const Arguments arguments(global, values, builder);
    switch (global.call) {
        case PickleCall::OrderedDict:
            return makeDict(arguments, values.size(), builder);
        case PickleCall::DefaultDict:
            return makeDefaultDict(arguments, values, builder);
        case PickleCall::Counter:
            arguments.needs(1, 1);
            return arguments.get<PickleDict*>(0);
        case PickleCall::Set:
            arguments.needs(1, 1);
            return builder.sequence(SequenceKind::Set, arguments.items(0));
        case PickleCall::Encode:
            return makeBytes(arguments, builder);
        case PickleCall::Size:
            arguments.needs(1, 1);
            return arguments.get<PickleSequence*>(0);
        case PickleCall::Device:
            arguments.needs(1, 2);
            return arguments.get<std::string_view>(0);
        case PickleCall::RebuildTensor:
            return makeTensor(arguments, false, builder);
        case PickleCall::RebuildTensorV3:
            return makeTensor(arguments, true, builder);
        case PickleCall::RebuildParameter:
            arguments.needs(3, 4);
            return arguments.get<const PickleTensor*>(0);
        case PickleCall::RebuildFromType:
            return makeFromType(arguments, builder);
        case PickleCall::None:
        case PickleCall::TensorClass:
            break;
    }
    builder.refuseCall(fullName(global));
}

PickleValue applyPersistentId(const PickleValue& id, PickleBuilder& builder) {
    static constexpr PickleGlobal persistentId{"the persistent", "id"};
    const auto* tuple = std::get_if<PickleSequence*>(&id);
    if (!tuple)
        builder.refuse(fmt::format("the pickle points outside itself with {}", kindOf(id)));
    const Arguments arguments(persistentId, (*tuple)->items, builder);
    arguments.needs(5, 5);
    if (arguments.get<std::string_view>(0) != "storage")
        arguments.refuse("the kind " + inQuotes(arguments.get<std::string_view>(0)));
    const PickleGlobal& storageClass = *arguments.get<const PickleGlobal*>(1);
    if (!storageClass.isStorage)
        arguments.refuse(fullName(storageClass) + " as a storage class");
    const std::int64_t elements = arguments.get<std::int64_t>(4);
    if (elements < 0)
        arguments.refuse(fmt::format("{} elements", elements));
    arguments.get<std::string_view>(3);  // the device, which is of no matter here
    return builder.storage({storageClass.type, arguments.get<std::string_view>(2), elements});
}

}  // namespace denoscope
