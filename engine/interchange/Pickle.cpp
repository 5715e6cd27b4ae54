// SPDX-License-Identifier: GPL-3.0-or-later
#include "engine/interchange/Pickle.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/core/Printable.h"
#include "engine/interchange/PickleCalls.h"
#include "engine/interchange/PickleOpcodes.h"

namespace denoscope {
namespace {

using namespace pickle;

constexpr std::size_t deepestNesting = 1000;
constexpr std::uint8_t firstProtocol = 2, lastProtocol = 5;

// Python's pickle machine: a stack, marks on it, and a memo of values that occur again.
class Machine {
public:
    Machine(PickleDocument& document, const std::string& where)
        : m_bytes(document.bytes), m_document(document), m_builder(document, where) {}

    void run() {
        bool stopped = false;
        while (!stopped) {
            m_builder.at(m_cursor);
            const std::uint8_t opcode = number<std::uint8_t>();
            stopped = opcode == Stop;
            if (!stopped && !scalar(opcode) && !text(opcode) && !container(opcode) && !fill(opcode) &&
                !memo(opcode) && !call(opcode))
                refuseOpcode(opcode);
        }
        if (m_stack.size() != 1 || !m_marks.empty())
            m_builder.refuse(fmt::format("the pickle ends with {} values and not one", m_stack.size()));
        if (m_cursor != m_bytes.size())
            m_builder.refuse(fmt::format("{} bytes follow the end of the pickle", m_bytes.size() - m_cursor));
        m_document.root = m_stack.back();
        indexDicts();
    }

private:
    std::span<const std::byte> take(std::uint64_t count) {
        if (count > m_bytes.size() - m_cursor)
            m_builder.refuse(fmt::format("the pickle claims {} bytes more where {} are left", count,
                                         m_bytes.size() - m_cursor));
        const auto taken = m_bytes.subspan(m_cursor, count);
        m_cursor += count;
        return taken;
    }
    template <typename T>
    T number() {
        T value;
        std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
        return value;
    }
    static std::string_view asText(std::span<const std::byte> bytes) {
        return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
    }
    std::string_view line() {
        const auto rest = m_bytes.subspan(m_cursor);
        const auto end = std::find(rest.begin(), rest.end(), std::byte{'\n'});
        if (end == rest.end())
            m_builder.refuse("a name has no end");
        const auto length = static_cast<std::uint64_t>(end - rest.begin());
        return asText(take(length + 1).first(length));
    }

    void push(const PickleValue& value) {
        if (m_stack.size() >= m_highest) {
            m_builder.charge(sizeof(PickleValue));
            ++m_highest;
        }
        m_stack.push_back(value);
    }
    std::size_t floor() const { return m_marks.empty() ? 0 : m_marks.back(); }
    PickleValue pop() {
        if (m_stack.size() <= floor())
            m_builder.refuse("the pickle takes a value that is not there");
        const PickleValue value = m_stack.back();
        m_stack.pop_back();
        return value;
    }
    std::vector<PickleValue> popItems(std::size_t count) {
        if (m_stack.size() - floor() < count)
            m_builder.refuse("the pickle takes values that are not there");
        const auto first = m_stack.end() - static_cast<std::ptrdiff_t>(count);
        std::vector<PickleValue> items(first, m_stack.end());
        m_stack.erase(first, m_stack.end());
        return items;
    }
    std::vector<PickleValue> popMark() {
        if (m_marks.empty())
            m_builder.refuse("the pickle closes what it never opened");
        std::vector<PickleValue> items = popItems(m_stack.size() - m_marks.back());
        m_marks.pop_back();
        return items;
    }
    template <typename T>
    T top(std::string_view action) {
        if (m_stack.size() <= floor() || !std::holds_alternative<T>(m_stack.back()))
            m_builder.refuse(fmt::format("the pickle {} {}", action,
                                         m_stack.size() <= floor() ? "nothing" : kindOf(m_stack.back())));
        return std::get<T>(m_stack.back());
    }

    // Two's complement, little-endian, of any length.
    std::int64_t longNumber(std::uint64_t length) {
        const auto bytes = take(length);
        if (length > sizeof(std::int64_t))
            m_builder.refuse(fmt::format("a whole number of {} bytes is more than is read", length));
        std::uint64_t value = length > 0 && (bytes.back() & std::byte{0x80}) != std::byte{0} ? ~0ULL : 0ULL;
        for (std::size_t i = bytes.size(); i-- > 0;)
            value = value << 8U | std::to_integer<std::uint64_t>(bytes[i]);
        return static_cast<std::int64_t>(value);
    }

    bool scalar(std::uint8_t opcode) {
        switch (opcode) {
            case Proto: {
                const auto protocol = number<std::uint8_t>();
                if (protocol < firstProtocol || protocol > lastProtocol)
                    m_builder.refuse(fmt::format("the pickle's protocol {} is not read", protocol));
                return true;
            }
            case Frame: {
                const auto length = number<std::uint64_t>();
                if (length > m_bytes.size() - m_cursor)
                    m_builder.refuse(fmt::format("the pickle claims a frame of {} bytes", length));
                return true;
            }
            case None:
                return push(PickleNone{}), true;
            case NewTrue:
                return push(true), true;
            case NewFalse:
                return push(false), true;
            case BinInt:
                return push(std::int64_t{number<std::int32_t>()}), true;
            case BinInt1:
                return push(std::int64_t{number<std::uint8_t>()}), true;
            case BinInt2:
                return push(std::int64_t{number<std::uint16_t>()}), true;
            case Long1:
                return push(longNumber(number<std::uint8_t>())), true;
            case Long4:
                return push(longNumber(number<std::uint32_t>())), true;
            case BinFloat:
                return push(std::bit_cast<double>(__builtin_bswap64(number<std::uint64_t>()))), true;
            default:
                return false;
        }
    }

    bool text(std::uint8_t opcode) {
        switch (opcode) {
            case BinString:
            case BinUnicode:
                return push(asText(take(number<std::uint32_t>()))), true;
            case ShortBinString:
            case ShortBinUnicode:
                return push(asText(take(number<std::uint8_t>()))), true;
            case BinUnicode8:
                return push(asText(take(number<std::uint64_t>()))), true;
            case BinBytes:
                return push(PickleBytes{take(number<std::uint32_t>())}), true;
            case ShortBinBytes:
                return push(PickleBytes{take(number<std::uint8_t>())}), true;
            case BinBytes8:
            case ByteArray8:
                return push(PickleBytes{take(number<std::uint64_t>())}), true;
            default:
                return false;
        }
    }

    bool container(std::uint8_t opcode) {
        switch (opcode) {
            case Mark:
                if (m_marks.size() == deepestNesting)
                    m_builder.refuse(fmt::format("the pickle nests deeper than {}", deepestNesting));
                m_marks.push_back(m_stack.size());
                return true;
            case Pop:
                // Python lets POP take a mark as well.
                if (!m_marks.empty() && m_marks.back() == m_stack.size())
                    m_marks.pop_back();
                else
                    pop();
                return true;
            case PopMark:
                return popMark(), true;
            case EmptyList:
                return push(m_builder.sequence(SequenceKind::List)), true;
            case EmptySet:
                return push(m_builder.sequence(SequenceKind::Set)), true;
            case EmptyTuple:
                return push(m_builder.sequence(SequenceKind::Tuple)), true;
            case EmptyDict:
                return push(m_builder.dict(false)), true;
            case TupleMarked:
                return push(m_builder.sequence(SequenceKind::Tuple, popMark())), true;
            case FrozenSet:
                return push(m_builder.sequence(SequenceKind::Set, popMark())), true;
            case Tuple1:
            case Tuple2:
            case Tuple3:
                return push(m_builder.sequence(SequenceKind::Tuple, popItems(opcode - Tuple1 + 1U))), true;
            default:
                return false;
        }
    }

    void append(const std::vector<PickleValue>& items, bool isSet) {
        PickleSequence& sequence = *top<PickleSequence*>("adds items to");
        if (sequence.kind != (isSet ? SequenceKind::Set : SequenceKind::List))
            m_builder.refuse(fmt::format("the pickle adds items to {}", kindOf(m_stack.back())));
        m_builder.charge(2 * sizeof(PickleValue) * items.size());
        sequence.items.insert(sequence.items.end(), items.begin(), items.end());
    }
    void insert(const std::vector<PickleValue>& items) {
        PickleDict& dict = *top<PickleDict*>("adds entries to");
        if (items.size() % 2 != 0)
            m_builder.refuse("a dict has a key without a value");
        for (std::size_t i = 0; i < items.size(); i += 2)
            m_builder.insert(dict, items[i], items[i + 1]);
    }

    bool fill(std::uint8_t opcode) {
        switch (opcode) {
            case Append:
                return append(popItems(1), false), true;
            case Appends:
                return append(popMark(), false), true;
            case AddItems:
                return append(popMark(), true), true;
            case SetItem:
                return insert(popItems(2)), true;
            case SetItems:
                return insert(popMark()), true;
            default:
                return false;
        }
    }

    void remember(std::uint64_t slot) {
        if (m_stack.size() <= floor())
            m_builder.refuse("the pickle remembers a value that is not there");
        // Python numbers them one after the other: a slot far away would be a claim on memory.
        if (slot > m_memo.size())
            m_builder.refuse(fmt::format("the pickle remembers value {} after {}", slot, m_memo.size()));
        if (slot == m_memo.size()) {
            m_builder.charge(2 * sizeof(PickleValue));
            m_memo.emplace_back();
        }
        m_memo[slot] = m_stack.back();
    }
    void recall(std::uint64_t slot) {
        if (slot >= m_memo.size())
            m_builder.refuse(fmt::format("the pickle recalls value {} of {}", slot, m_memo.size()));
        push(m_memo[slot]);
    }

    bool memo(std::uint8_t opcode) {
        switch (opcode) {
            case BinPut:
                return remember(number<std::uint8_t>()), true;
            case LongBinPut:
                return remember(number<std::uint32_t>()), true;
            case Memoize:
                return remember(m_memo.size()), true;
            case BinGet:
                return recall(number<std::uint8_t>()), true;
            case LongBinGet:
                return recall(number<std::uint32_t>()), true;
            default:
                return false;
        }
    }

    void pushGlobal(std::string_view module, std::string_view name) {
        const PickleGlobal* global = findPickleGlobal(module, name);
        if (!global)
            m_builder.refuseCall(fmt::format("{}.{}", module, name));
        push(global);
    }
    static std::string nameOf(const PickleValue& value) {
        if (const auto* global = std::get_if<const PickleGlobal*>(&value))
            return fmt::format("{}.{}", (*global)->module, (*global)->name);
        return std::string(kindOf(value));
    }
    void reduce() {
        const PickleValue arguments = pop(), callable = pop();
        const auto* global = std::get_if<const PickleGlobal*>(&callable);
        const auto* tuple = std::get_if<PickleSequence*>(&arguments);
        if (!global)
            m_builder.refuseCall(nameOf(callable));
        if (!tuple || (*tuple)->kind != SequenceKind::Tuple)
            m_builder.refuse(
                fmt::format("{} is given {} for its arguments", nameOf(callable), kindOf(arguments)));
        push(applyGlobal(**global, (*tuple)->items, m_builder));
    }
    // A state dict carries its modules' versions as an attribute; they are of no matter here.
    void build() {
        const PickleValue state = pop();
        const PickleDict* const* dict =
            m_stack.size() > floor() ? std::get_if<PickleDict*>(&m_stack.back()) : nullptr;
        if (!dict || !(*dict)->ordered || !std::holds_alternative<PickleDict*>(state))
            m_builder.refuseCall(fmt::format("BUILD, which sets the state of {}",
                                             m_stack.size() > floor() ? nameOf(m_stack.back()) : "nothing"));
    }

    bool call(std::uint8_t opcode) {
        switch (opcode) {
            case Global: {
                const std::string_view module = line(), name = line();
                return pushGlobal(module, name), true;
            }
            case StackGlobal: {
                const PickleValue name = pop(), module = pop();
                if (!std::holds_alternative<std::string_view>(name) ||
                    !std::holds_alternative<std::string_view>(module))
                    m_builder.refuse("a name of Python's is no text");
                return pushGlobal(std::get<std::string_view>(module), std::get<std::string_view>(name)), true;
            }
            case BinPersId:
                return push(applyPersistentId(pop(), m_builder)), true;
            case Reduce:
                return reduce(), true;
            case Build:
                return build(), true;
            case Inst: {
                const std::string_view module = line(), name = line();
                m_builder.refuseCall(fmt::format("{}.{} (INST)", module, name));
            }
            case Obj: {
                const std::vector<PickleValue> items = popMark();
                m_builder.refuseCall((items.empty() ? "nothing" : nameOf(items.front())) + " (OBJ)");
            }
            case NewObj:
                pop();
                m_builder.refuseCall(nameOf(pop()) + " (NEWOBJ)");
            case NewObjEx:
                pop(), pop();
                m_builder.refuseCall(nameOf(pop()) + " (NEWOBJ_EX)");
            default:
                return false;
        }
    }

    [[noreturn]] void refuseOpcode(std::uint8_t opcode) {
        const auto known = std::find_if(refusedOpcodes.begin(), refusedOpcodes.end(),
                                        [&](const auto& entry) { return entry.first == opcode; });
        m_builder.refuse(known == refusedOpcodes.end()
                             ? fmt::format("0x{:02x} is no opcode of a pickle", opcode)
                             : fmt::format("the opcode {} is not read", known->second));
    }

    void indexDicts() {
        for (PickleDict& dict : m_document.dicts) {
            std::size_t twice = 0;
            if (dict.index(twice))
                continue;
            const auto* key = std::get_if<std::string_view>(&dict.entries[twice].first);
            m_builder.refuse(key ? fmt::format("the key {} stands twice in a dict", inQuotes(*key))
                                 : std::string("a number stands twice as a key of a dict"));
        }
    }

    std::span<const std::byte> m_bytes;
    std::uint64_t m_cursor = 0;
    PickleDocument& m_document;
    PickleBuilder m_builder;
    std::vector<PickleValue> m_stack, m_memo;
    std::vector<std::size_t> m_marks;
    std::size_t m_highest = 0;  // the stack's largest size so far
};

}  // namespace

PickleDocument readPickle(std::vector<std::byte> bytes, const std::string& where) {
    PickleDocument document;
    document.bytes = std::move(bytes);
    Machine(document, where).run();
    return document;
}

}  // namespace denoscope
