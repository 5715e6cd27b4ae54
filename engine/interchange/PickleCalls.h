// SPDX-License-Identifier: GPL-3.0-or-later
// The few names of Python's that files of weights contain, each with what it stands for here. Inside of
// Pickle.h.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/interchange/PickleValue.h"

namespace denoscope {

enum class PickleCall {
    None,  // only ever named: an element type, a class
    OrderedDict,
    DefaultDict,
    Counter,
    Set,
    Encode,
    Size,
    Device,
    TensorClass,
    RebuildTensor,
    RebuildTensorV3,
    RebuildParameter,
    RebuildFromType,
};

struct PickleGlobal {
    std::string_view module, name;
    PickleCall call = PickleCall::None;
    bool isStorage = false;
    const TorchType* type = nullptr;  // of a storage class or a dtype; nullptr for the untyped storage
};

// nullptr for every name that is not on the list.
const PickleGlobal* findPickleGlobal(std::string_view module, std::string_view name);

// Makes the nodes of a document within a budget of memory, and says what is wrong at the current byte.
class PickleBuilder {
public:
    PickleBuilder(PickleDocument& document, std::string where);

    void at(std::uint64_t position) { m_position = position; }
    std::uint64_t position() const { return m_position; }
    [[noreturn]] void refuse(const std::string& what) const;      // damaged
    [[noreturn]] void refuseCall(const std::string& name) const;  // wants something executed

    PickleSequence* sequence(SequenceKind kind, std::vector<PickleValue> items = {});
    PickleDict* dict(bool ordered);
    void insert(PickleDict& dict, const PickleValue& key, const PickleValue& value);
    const PickleTensor* tensor(PickleTensor tensor);
    const PickleStorage* storage(PickleStorage storage);
    std::string_view text(std::string text);
    void charge(std::uint64_t bytes);

private:
    PickleDocument& m_document;
    std::string m_where;
    std::uint64_t m_position = 0;
    std::uint64_t m_budget;
};

// What the name stands for with these arguments.
PickleValue applyGlobal(const PickleGlobal& global, const std::vector<PickleValue>& arguments,
                        PickleBuilder& builder);
// ('storage', class, key, device, elements): where a tensor's data lie.
PickleValue applyPersistentId(const PickleValue& id, PickleBuilder& builder);

}  // namespace denoscope
