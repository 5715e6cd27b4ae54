// SPDX-License-Identifier: GPL-3.0-or-later
// The values that a header describes: behind it in the same file, or in other files beside it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "engine/data/formats/RawArray.h"

namespace denoscope {

enum class Encoding { Raw, Deflated, Text, Hex };  // Deflated: gzip or zlib

// What a header says of them, not yet checked.
struct StoredValues {
    std::vector<std::filesystem::path> files;  // one after the other, of equal length
    std::uint64_t start = 0;                   // byte of every file at which its part begins
    std::int64_t lineSkip = 0;                 // lines to leave out then
    std::int64_t byteSkip =
        0;  // bytes to leave out after that, of Deflated once inflated; -1 = the values end the file
    Encoding encoding = Encoding::Raw;
    ScalarType type;
    bool bigEndian = false;
};

// The `count` values, ready to be read; those written as text have become float32. Throws EngineError for
// files that cannot hold so many.
RawArray openValues(const StoredValues& stored, std::uint64_t count);

// How many bytes the only file of Raw or gzip values holds besides them and what is left out in front: more
// than 0 may mean that the header forgets to leave something out. 0 where that cannot be told.
std::uint64_t surplusBytes(const StoredValues& stored, std::uint64_t count);

}  // namespace denoscope
