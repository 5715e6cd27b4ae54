// SPDX-License-Identifier: GPL-3.0-or-later
// Numbers of any type, stored row by row, read as float32.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/api/Array.h"
#include "engine/data/formats/Bytes.h"

namespace denoscope {

struct ScalarType {
    char kind = 'f';  // 'b' truth value, 'i' signed, 'u' unsigned, 'f' floating point
    int bytes = 4;    // b: 1; i and u: 1, 2, 4, 8; f: 2, 4, 8

    bool operator==(const ScalarType&) const = default;
};
std::string toText(ScalarType type);  // "uint8", "float64", "bool"
bool isKnown(ScalarType type);

struct RawArray {
    ByteSourcePtr bytes;
    std::uint64_t offset = 0;  // of the first value
    ScalarType type;
    bool bigEndian = false;
    double slope = 1, intercept = 0;  // value = slope * stored + intercept
};

// elementCount() of what the file of that name claims: its error says so.
std::int64_t claimedCount(const Shape& shape, const std::string& name);

// `target.size()` values from the `first` one on.
void readRun(const RawArray& raw, std::uint64_t first, std::span<float> target);

// One axis of a piece: how many values, and how far neighbours lie from each other in the file and in the
// piece.
struct Stride {
    std::int64_t count, file, piece;
};

// The values at first + sum of index * Stride::file, each to the sum of index * Stride::piece in `target`;
// the file is read in ascending order, and nearly side by side lying values at once.
void readStrided(const RawArray& raw, std::uint64_t first, std::vector<Stride> axes, std::span<float> target);

// The piece [start, start + size) of every channel of the (C, ...) item that begins at value `first`; of the
// file only the rows inside are read. `channelsLast`: stored as (..., C), still returned as (C, ...).
Array readPiece(const RawArray& raw, std::uint64_t first, const Shape& item, bool channelsLast,
                const Shape& start, const Shape& size);

}  // namespace denoscope
