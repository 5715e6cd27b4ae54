// SPDX-License-Identifier: GPL-3.0-or-later
// The opcodes of Python's pickle format by the names that Python's pickletools gives them. Inside of
// Pickle.h.
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

namespace denoscope::pickle {

enum Opcode : std::uint8_t {
    Proto = 0x80,
    Frame = 0x95,
    Stop = '.',
    Mark = '(',
    Pop = '0',
    PopMark = '1',
    None = 'N',
    NewTrue = 0x88,
    NewFalse = 0x89,
    BinInt = 'J',
    BinInt1 = 'K',
    BinInt2 = 'M',
    Long1 = 0x8A,
    Long4 = 0x8B,
    BinFloat = 'G',
    BinString = 'T',
    ShortBinString = 'U',
    BinUnicode = 'X',
    ShortBinUnicode = 0x8C,
    BinUnicode8 = 0x8D,
    BinBytes = 'B',
    ShortBinBytes = 'C',
    BinBytes8 = 0x8E,
    ByteArray8 = 0x96,
    EmptyList = ']',
    Append = 'a',
    Appends = 'e',
    EmptyTuple = ')',
    TupleMarked = 't',
    Tuple1 = 0x85,
    Tuple2 = 0x86,
    Tuple3 = 0x87,
    EmptyDict = '}',
    SetItem = 's',
    SetItems = 'u',
    EmptySet = 0x8F,
    AddItems = 0x90,
    FrozenSet = 0x91,
    BinGet = 'h',
    LongBinGet = 'j',
    BinPut = 'q',
    LongBinPut = 'r',
    Memoize = 0x94,
    Global = 'c',
    StackGlobal = 0x93,
    BinPersId = 'Q',
    Reduce = 'R',
    Build = 'b',
    Inst = 'i',
    Obj = 'o',
    NewObj = 0x81,
    NewObjEx = 0x92,
};

// Opcodes of protocols 0 and 1, of the registry of extensions and of data outside the pickle: torch.save uses
// none.
inline constexpr std::array<std::pair<std::uint8_t, std::string_view>, 16> refusedOpcodes{{
    {'2', "DUP"},
    {'F', "FLOAT"},
    {'I', "INT"},
    {'L', "LONG"},
    {'S', "STRING"},
    {'V', "UNICODE"},
    {'P', "PERSID"},
    {'d', "DICT"},
    {'l', "LIST"},
    {'g', "GET"},
    {'p', "PUT"},
    {0x82, "EXT1"},
    {0x83, "EXT2"},
    {0x84, "EXT4"},
    {0x97, "NEXT_BUFFER"},
    {0x98, "READONLY_BUFFER"},
}};

}  // namespace denoscope::pickle
